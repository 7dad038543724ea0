package io.rubato.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Probabilistic Synchronous Parallel (Wang, Catterall and Mortier 2017), 4.1 and 4.2 of docs/papers.md. */
class SamplerTest {
    private static final int WORKERS = 9;

    private final Sampler sampler = new Sampler(WORKERS);
    private final Sample sample = new Sample();

    @Test
    void aSampleHasTheReaderAndSoManyDistinctOthers() {
        for (int b = 0; b <= WORKERS + 1; b++) {
            for (int reader = 0; reader < WORKERS; reader++) {
                for (int clock = 0; clock < 50; clock++) {
                    sampler.draw(1, reader, clock, b, sample);
                    assertEquals(1 + Math.min(b, WORKERS - 1), sample.size());
                    assertEquals(reader, sample.member(0));
                    final Set<Integer> distinct = new HashSet<>();
                    for (int i = 0; i < sample.size(); i++) {
                        assertTrue(distinct.add(sample.member(i)) && sample.member(i) < WORKERS);
                    }
                }
            }
        }
    }

    @Test
    void allOthersAreDrawnEquallyOften() {
        final int[] drawn = new int[WORKERS];
        for (int clock = 0; clock < 80_000; clock++) {
            sampler.draw(7, 4, clock, 2, sample);
            drawn[sample.member(1)]++;
            drawn[sample.member(2)]++;
        }
        for (int worker = 0; worker < WORKERS; worker++) {
            assertEquals(worker == 4 ? 0 : 20_000, drawn[worker], 600);
        }
    }

    /** Every shard must draw the same, and again when a request is repeated, whatever it drew in between. */
    @Test
    void aDrawDependsOnNothingButItsArguments() {
        final Sampler other = new Sampler(WORKERS);
        final Sample again = new Sample();
        for (int i = 0; i < 1_000; i++) {
            sampler.draw(3, i % WORKERS, i, 4, sample);
            other.draw(99, 0, i, i % WORKERS, again);
            other.draw(3, i % WORKERS, i, 4, again);
            for (int k = 0; k < sample.size(); k++) {
                assertEquals(sample.member(k), again.member(k));
            }
        }
    }

    /** 4.2: the same gate; over all others it decides as BSP and SSP do, over nobody as ASP. */
    @Test
    void aSampleOfAllDecidesAsTheClassicGateAndOneOfNobodyLetsThrough() {
        final SplittableRandom random = new SplittableRandom(5);
        int shut = 0;
        for (int i = 0; i < 20_000; i++) {
            final VectorClock clocks = new VectorClock(WORKERS);
            for (int worker = 0; worker < WORKERS; worker++) {
                clocks.advance(worker, 10 + random.nextInt(4));
            }
            final int reader = random.nextInt(WORKERS);
            final long clock = clocks.get(reader);
            final int staleness = random.nextInt(4);
            final long wanted = Gate.freshness(Consistency.ssp(staleness), Gate.TABLE_BOUND, clock);
            assertEquals(wanted,
                    Gate.freshness(Consistency.pssp(staleness, WORKERS - 1), Gate.TABLE_BOUND, clock));
            sampler.draw(i, reader, clock, WORKERS - 1, sample);
            final boolean isOpen = Gate.laggard(clocks, null, wanted) == Gate.NOBODY;
            assertEquals(isOpen, Gate.laggard(clocks, sample, wanted) == Gate.NOBODY);
            assertEquals(0, Gate.freshness(Consistency.pssp(staleness, 0), Gate.TABLE_BOUND, clock));
            shut += isOpen ? 0 : 1;
        }
        assertTrue(shut > 2_000 && shut < 18_000, shut + " shut");
    }
}
