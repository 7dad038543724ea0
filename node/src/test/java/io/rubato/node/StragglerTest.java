package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Worker;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StragglerTest {
    @Test
    void passesEveryCallOn() throws IllegalAccessException, InvocationTargetException {
        final List<String> calls = new ArrayList<>();
        final Worker recorder =
                (Worker) Proxy.newProxyInstance(Worker.class.getClassLoader(), new Class<?>[] {Worker.class},
                        (proxy, method, arguments) -> {
                            calls.add(method + Arrays.toString(arguments));
                            return something(method.getReturnType(), 7);
                        });
        final Straggler straggler = new Straggler(recorder, new SlowWorker(7, 1), 1);

        for (final Method method : Worker.class.getMethods()) {
            if (Modifier.isStatic(method.getModifiers())) {
                continue;
            }
            final Object[] arguments = new Object[method.getParameterCount()];
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = something(method.getParameterTypes()[i], i + 1);
            }
            calls.clear();

            assertEquals(something(method.getReturnType(), 7), method.invoke(straggler, arguments));
            assertEquals(List.of(method + (arguments.length == 0 ? "null" : Arrays.toString(arguments))), calls);
        }
    }

    /** A value that tells arguments of the same type apart, where the type allows it. */
    private static Object something(final Class<?> type, final int value) {
        if (type == int.class) {
            return value;
        }
        if (type == long.class) {
            return (long) value;
        }
        return type == double.class ? (Object) (double) value : null;
    }

    @Test
    void aRotatingStragglerIsAnotherWorkerInEachClock() {
        final SlowWorker slow = SlowWorker.parse("rotate:5");

        for (int clock = 0; clock < 9; clock++) {
            for (int worker = 0; worker < 3; worker++) {
                assertTrue(slow.slows(worker));
                assertEquals(clock % 3 == worker ? 5 : 0, slow.millis(worker, 3, clock, clock + 1));
            }
        }
        assertEquals("rotate:5", slow.toString());
    }

    /** So that A-BSP meets the same delays as SSP does in the same work. */
    @Test
    void clocksThatAreRunAsOneSleepAsLongAsTheyWouldApart() {
        assertEquals(10, SlowWorker.parse("rotate:5").millis(0, 3, 0, 4));
        assertEquals(5, SlowWorker.parse("rotate:5").millis(1, 3, 0, 4));
        assertEquals(20, SlowWorker.parse("1:5").millis(1, 3, 4, 8));
        assertEquals(0, SlowWorker.parse("1:5").millis(0, 3, 4, 8));
        assertFalse(SlowWorker.parse("1:5").slows(0));
    }
}
