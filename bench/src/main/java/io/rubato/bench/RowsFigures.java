package io.rubato.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everything that {@link WireBench} measures over one medium, repeated; what is compared is taken side by side. */
final class RowsFigures {
    private final Wire wire;
    private final Map<String, List<Double>> samples = new LinkedHashMap<>();
    private double bytesPerRow;
    private double narrowBytesPerRow;

    /**
     * How much to measure.
     *
     * @param repeats of everything
     * @param clocks  of each push and pull
     * @param batch   rows in each of them
     * @param reads   single ones, of each kind
     */
    record Effort(int repeats, int clocks, int batch, int reads) {
        int rows() {
            return clocks * batch;
        }
    }

    private RowsFigures(final Wire wire) {
        this.wire = wire;
    }

    /** Measures everything, once for compilers to warm up and then as often as asked for. */
    static RowsFigures measure(final WireBench bench, final Effort effort, final boolean oneSided) {
        new RowsFigures(bench.wire()).round(bench, effort, oneSided);
        final RowsFigures figures = new RowsFigures(bench.wire());
        figures.bytesPerRow = bench.bytesPerRow();
        figures.narrowBytesPerRow = bench.narrowBytesPerRow();
        for (int i = 0; i < effort.repeats(); i++) {
            figures.round(bench, effort, oneSided);
        }
        bench.verify(oneSided);
        return figures;
    }

    private void round(final WireBench bench, final Effort effort, final boolean oneSided) {
        add("coreDistanceNs", CoreDistance.measure());
        add("push", bench.push(effort.clocks(), effort.batch()));
        add("stream", bench.bareStream(effort.rows()));
        add("add", bench.bareAdd(effort.rows()));
        add("pipeline", bench.barePipeline(effort.rows()));
        add("pull", bench.pull(effort.clocks(), effort.batch()));
        add("narrowPush", bench.pushNarrow(effort.clocks(), effort.batch()));
        add("narrowPull", bench.pullNarrow(effort.clocks(), effort.batch()));
        add("read", bench.read(effort.reads()));
        add("ping", bench.pingPong(effort.reads()));
        if (oneSided) {
            add("oneSidedPush", bench.pushOneSided(effort.clocks(), effort.batch()));
            add("oneSidedPull", bench.pullOneSided(effort.clocks(), effort.batch()));
            add("oneSidedRead", bench.readOneSided(effort.reads()));
            add("slabRead", bench.slabRead(10 * effort.reads()));
        }
    }

    private void add(final String name, final double value) {
        samples.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
    }

    private void add(final String name, final WireBench.Flow flow) {
        add(name, flow.rowsPerSecond());
        add(name + ".clientAllocated", flow.clientAllocatedBytes());
        add(name + ".shardAllocated", flow.shardAllocatedBytes());
    }

    private void add(final String name, final Map<String, Double> numbers) {
        numbers.forEach((key, value) -> add(name + "." + key, value));
    }

    Wire wire() {
        return wire;
    }

    /** What a row takes on its way. */
    double bytesPerRow() {
        return bytesPerRow;
    }

    /** What a row takes that travels as bf16. */
    double narrowBytesPerRow() {
        return narrowBytesPerRow;
    }

    /** By name: {@code push}, {@code read.p50} and so on. */
    Samples of(final String name) {
        return new Samples(samples.get(name));
    }

    /**
     * Rows per second of bare Aeron and the bare kernel: what one moves, what the other adds to, or what one process
     * adds to as another sends it, whichever is least (decision 0029).
     */
    Samples bare() {
        return of("stream").orLess(of("add")).orLess(of("pipeline"));
    }

    Map<String, Object> json() {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("mtu", wire.mtu());
        json.put("termLength", wire.termLength());
        json.put("bytesPerRow", bytesPerRow);
        json.put("narrowBytesPerRow", narrowBytesPerRow);
        samples.keySet().forEach(name -> json.put(name, of(name).json()));
        return json;
    }
}
