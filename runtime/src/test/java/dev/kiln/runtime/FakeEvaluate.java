package dev.kiln.runtime;

final class FakeEvaluate extends FakeTrain {
    FakeEvaluate() {
        super("evaluate", false);
    }
}
