"""How much memory of the machine a heap takes."""

import io

from fluentai_jit.engine.vm import VM
from tests.engines import make_vm, program_of

MIB = 1 << 20


def resident(vm: VM) -> int:
    """MiB of the heap that are in memory."""
    return vm.state.heap.used_bytes() // MIB


def test_a_churn_takes_no_more_and_more_memory() -> None:
    text = """
    let kept = [...0..1000000]
    private function churn(n) {
      for i in 0..n { kept[i % 1000000] = [i, f"{i}"] }
    }
    """
    config = {"limits.memory_mb": 1024}
    with make_vm(program_of(text), "compiled", config, io.StringIO()) as vm:
        vm.run()
        sizes = []
        for _round in range(6):
            vm.call("churn", 1_000_000)
            sizes.append(resident(vm))
        assert vm.driver.heap.collections.count > 10
        assert max(sizes[3:]) <= 1.2 * max(sizes[:3])


def test_what_dead_values_took_goes_back_to_the_system() -> None:
    text = """
    private function big() { let xs = [...0..3000000] length(xs) }
    private function small(n) { for i in 0..n { [i] } }
    big()
    """
    with make_vm(program_of(text), "compiled", None, io.StringIO()) as vm:
        vm.run()
        assert resident(vm) > 40
        vm.call("small", 8_000_000)
        assert vm.driver.heap.collections.count > 3
        assert resident(vm) < 90


def test_a_churn_of_arrays_frees_their_memory() -> None:
    text = """
    private function churn(n) { for i in 0..n { zeros(100000) } }
    """
    with make_vm(program_of(text), "compiled", None, io.StringIO()) as vm:
        vm.run()
        vm.call("churn", 2000)  # 1.5 GiB
        assert vm.state.arrays.words < 16 * MIB
