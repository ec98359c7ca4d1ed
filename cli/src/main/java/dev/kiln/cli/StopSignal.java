package dev.kiln.cli;

import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/// Ctrl-C as a wish: it becomes true, and the JVM waits with its end until this is closed. So what has been learned is written.
final class StopSignal implements BooleanSupplier, AutoCloseable {
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean wanted;
    private final Thread hook = new Thread(this::stop, "kiln-stop");

    StopSignal() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop() {
        wanted = true;
        try {
            finished.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean getAsBoolean() {
        return wanted;
    }

    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            wanted = true; // the JVM is ending already: the signal has come
        }
    }
}
