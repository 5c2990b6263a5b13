# Installation is described here and nowhere else; filled in below as the parts appear.
install(TARGETS braid)
