package io.rubato.bench;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Which cores the processes of a {@link LocalCluster} may use. */
enum Placement {
    /** All. */
    FREE,
    /** Each client has one core, in turn; shards and driver may use all. */
    CLIENTS,
    /** Shards and driver have the last core, clients the others. */
    APART;

    private static final int CORES = Runtime.getRuntime().availableProcessors();

    /** What to put before the command of a client. */
    List<String> ofClient(final int index) {
        return switch (this) {
            case FREE -> List.of();
            case CLIENTS -> on(Integer.toString(index % CORES));
            case APART -> on(CORES == 1 ? "0" : "0-" + (CORES - 2));
        };
    }

    /** What to put before the command of a shard or the driver. */
    List<String> ofOthers() {
        return this == APART ? on(Integer.toString(CORES - 1)) : List.of();
    }

    private static List<String> on(final String cores) {
        return List.of("taskset", "-c", cores);
    }

    /** Parses an option's value. */
    static final class Parser implements ITypeConverter<Placement> {
        @Override
        public Placement convert(final String name) {
            for (final Placement each : values()) {
                if (each.toString().equals(name)) {
                    return each;
                }
            }
            throw new TypeConversionException("expected free, clients or apart, got '" + name + "'");
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
