package io.rubato.node;

import io.rubato.simulator.Simulation;
import io.rubato.simulator.SimulationResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The experiments of Wang, Catterall and Mortier 2017 on Probabilistic Synchronous Parallel: steps done in a fixed time
 * under five models, and under pBSP for a growing sample.
 */
final class PspExperiment {
    private static final List<String> MODELS = List.of("bsp", "ssp", "pbsp", "pssp", "asp");
    private static final List<Integer> SAMPLES = List.of(0, 1, 2, 4, 8, 16, 32, 64);

    private final SimulationOptions options;

    PspExperiment(final SimulationOptions options) {
        this.options = options;
    }

    /**
     * Runs it, on all cores.
     *
     * @return what came out
     */
    Outcome run() {
        final List<JobModel> models = new ArrayList<>();
        MODELS.forEach(name -> models.add(options.experimentModel(name, null)));
        SAMPLES.forEach(sample -> models.add(options.experimentModel("pbsp", sample.toString())));
        models.forEach(model -> options.scenario(model.consistency()));
        final SimulationResult[] results = new SimulationResult[models.size()];
        Cores.forEach(0, results.length - 1,
                i -> results[(int) i] = Simulation.run(options.scenario(models.get((int) i).consistency())));
        final List<SimulationResult> all = Arrays.asList(results);
        return new Outcome(all.subList(0, MODELS.size()), all.subList(MODELS.size(), all.size()));
    }

    /**
     * What came out.
     *
     * @param models in the paper's order, from the fewest steps to the most
     * @param sweep  pBSP from the smallest sample to the largest
     */
    record Outcome(List<SimulationResult> models, List<SimulationResult> sweep) {
        /** Whether each model makes more steps than the one before. */
        boolean modelsInOrder() {
            for (int i = 1; i < models.size(); i++) {
                if (models.get(i).stepsMean() <= models.get(i - 1).stepsMean()) {
                    return false;
                }
            }
            return true;
        }

        /** Whether no sample makes more steps than a smaller one, and the largest fewer than the smallest. */
        boolean sweepInOrder() {
            for (int i = 1; i < sweep.size(); i++) {
                if (sweep.get(i).stepsMean() > sweep.get(i - 1).stepsMean()) {
                    return false;
                }
            }
            return sweep.getLast().stepsMean() < sweep.getFirst().stepsMean();
        }

        long violationCount() {
            return models.stream().mapToLong(SimulationResult::violationCount).sum()
                    + sweep.stream().mapToLong(SimulationResult::violationCount).sum();
        }

        List<String> lines(final String stragglers) {
            final List<String> lines = new ArrayList<>();
            lines.add(Text.of("%d workers, %s stragglers (count:factor), seed %d, %.0f s of virtual time",
                    workers(), stragglers, models.getFirst().scenario().seed(), seconds()));
            lines.add("");
            lines.add(SimulationText.HEADER);
            models.forEach(run -> lines.add(SimulationText.row(run)));
            lines.add("");
            sweep.forEach(run -> lines.add(SimulationText.row(run)));
            lines.add("");
            lines.add("  BSP < SSP < pBSP < pSSP < ASP in mean steps: " + cameOut(modelsInOrder()));
            lines.add("  pBSP falls as its sample grows: " + cameOut(sweepInOrder()));
            return lines;
        }

        private static String cameOut(final boolean yes) {
            return yes ? "yes" : "NO";
        }

        private int workers() {
            return models.getFirst().scenario().workers();
        }

        private double seconds() {
            return models.getFirst().scenario().timing().durationNs() / 1e9;
        }

        /** Both parts beside each other. */
        String chart() {
            final String setting = Text.of("%d workers, %.0f s of virtual time", workers(), seconds());
            final List<SvgChart.Bar> bars = models.stream()
                    .map(run -> new SvgChart.Bar(SimulationText.models(run).toUpperCase(Locale.ROOT)
                            .replace("PBSP", "pBSP").replace("PSSP", "pSSP"), run.stepsMean(), run.stepsMin(),
                            run.stepsMax()))
                    .toList();
            final List<SvgChart.Point> points = new ArrayList<>();
            for (int i = 0; i < SAMPLES.size(); i++) {
                points.add(new SvgChart.Point(SAMPLES.get(i).toString(), sweep.get(i).stepsMean()));
            }
            return new SvgChart("Steps under each model, " + setting)
                    .bars("Mean, whiskers from the slowest to the fastest worker", "consistency model",
                            "steps per worker", bars)
                    .line("pBSP by the size of its sample", "sample \u03b2", "mean steps per worker", points)
                    .toString();
        }
    }
}
