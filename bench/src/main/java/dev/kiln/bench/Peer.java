package dev.kiln.bench;

/// Somebody else's library.
public abstract class Peer implements Contender {
    private final String name;
    private final double flops;

    protected Peer(String name, double flops) {
        this.name = name;
        this.flops = flops;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Role role() {
        return Role.PEER;
    }

    @Override
    public final int width() {
        return 0;
    }

    @Override
    public final double flops() {
        return flops;
    }
}
