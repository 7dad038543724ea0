package io.rubato.kernel;

final class KernelSelection {
    private KernelSelection() {
    }

    static RowKernels best() {
        return null;
    }
}
