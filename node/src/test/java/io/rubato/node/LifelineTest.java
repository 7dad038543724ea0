package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LifelineTest {
    @Test
    void theEndOfThePipeCutsItOnce() throws IOException, InterruptedException {
        final PipedOutputStream launcher = new PipedOutputStream();
        final AtomicInteger cuts = new AtomicInteger();
        final Thread lifeline = Lifeline.watch(new PipedInputStream(launcher), cuts::incrementAndGet);
        launcher.write(1);
        launcher.flush();
        assertEquals(0, cuts.get());

        launcher.close();
        lifeline.join();

        assertEquals(1, cuts.get());
    }

    @Test
    void aBrokenPipeCutsIt() throws IOException, InterruptedException {
        final PipedInputStream pipe = new PipedInputStream(new PipedOutputStream());
        pipe.close();
        final AtomicInteger cuts = new AtomicInteger();

        Lifeline.watch(pipe, cuts::incrementAndGet).join();

        assertEquals(1, cuts.get());
    }
}
