#include "parallel/topology.hpp"

#ifdef BRAID_HAVE_HWLOC
#include <algorithm>
#include <memory>

#include <hwloc.h>
#endif

namespace braid::parallel {

#ifdef BRAID_HAVE_HWLOC

namespace {

struct Destroy {
  void operator()(hwloc_topology_t topology) const { hwloc_topology_destroy(topology); }
};

using Handle = std::unique_ptr<hwloc_topology, Destroy>;

Error failed(const char* what) {
  return {.code = Errc::invalid_argument, .message = what};
}

unsigned count_of(hwloc_topology_t topology, hwloc_obj_type_t type) {
  return static_cast<unsigned>(std::max(0, hwloc_get_nbobjs_by_type(topology, type)));
}

}  // namespace

Result<Topology> Topology::from_hwloc(const std::string& synthetic,
                                      const std::vector<unsigned>& allowed) {
  hwloc_topology_t raw = nullptr;
  if (hwloc_topology_init(&raw) != 0) return failed("hwloc cannot start");
  const Handle handle(raw);
  if (!synthetic.empty() && hwloc_topology_set_synthetic(raw, synthetic.c_str()) != 0) {
    return failed("not a topology that hwloc understands");
  }
  if (hwloc_topology_load(raw) != 0) return failed("hwloc cannot read the topology");

  Topology topology;
  for (unsigned i = 0; i < count_of(raw, HWLOC_OBJ_NUMANODE); ++i) {
    const hwloc_obj_t object = hwloc_get_obj_by_type(raw, HWLOC_OBJ_NUMANODE, i);
    TopologyNode node;
    node.os_index = object->os_index;
    node.memory_bytes = object->attr->numanode.local_memory;
    for (int cpu = hwloc_bitmap_first(object->cpuset); cpu >= 0;
         cpu = hwloc_bitmap_next(object->cpuset, cpu)) {
      node.cpus.push_back(static_cast<unsigned>(cpu));
    }
    topology.nodes_.push_back(std::move(node));
  }
  unsigned level = 1;
  for (const auto type : {HWLOC_OBJ_L1CACHE, HWLOC_OBJ_L2CACHE, HWLOC_OBJ_L3CACHE}) {
    if (const unsigned count = count_of(raw, type); count != 0) {
      const hwloc_obj_t first = hwloc_get_obj_by_type(raw, type, 0);
      topology.caches_.push_back({level, first->attr->cache.size, count});
    }
    ++level;
  }
  topology.cores_ = count_of(raw, HWLOC_OBJ_CORE);
  // The environment (HWLOC_SYNTHETIC, HWLOC_XMLFILE) may have put another machine in our place.
  topology.real_ = hwloc_topology_is_thissystem(raw) != 0;
  topology.source_ = topology.real_ ? "hwloc" : "synthetic";
  topology.settle(topology.real_ ? allowed : std::vector<unsigned>{});
  return topology;
}

#else

Result<Topology> Topology::from_hwloc(const std::string& /*synthetic*/,
                                      const std::vector<unsigned>& /*allowed*/) {
  return Error{.code = Errc::unsupported_feature, .message = "built without hwloc"};
}

#endif

}  // namespace braid::parallel
