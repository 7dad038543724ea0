package io.rubato.kernel;

/** Picks the kernels once per process, and says so when it cannot pick the fast ones. */
final class KernelSelection {
    private KernelSelection() {
    }

    static AddressKernels best() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            System.err.println("rubato: the Vector API is missing, rows are added by scalar loops several times "
                    + "slower; start Java with --add-modules jdk.incubator.vector");
            return new ScalarKernels();
        }
        if (!VectorKernels.worthwhile()) {
            System.err.println("rubato: this JVM offers no vector instructions, rows are added by scalar loops several "
                    + "times slower; run on a CPU with SSE2 or NEON and without -XX:MaxVectorSize");
            return new ScalarKernels();
        }
        return new VectorKernels();
    }
}
