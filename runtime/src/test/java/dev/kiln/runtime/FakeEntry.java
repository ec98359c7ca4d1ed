package dev.kiln.runtime;

/// Facts that the hand-written entries of the tests share: a dim N, no conditions.
abstract class FakeEntry extends EntryCode {
    @Override
    public String[] dims() {
        return new String[] {"N"};
    }

    @Override
    public String check(int[] b) {
        return null;
    }

    @Override
    public int prepareSteps() {
        return 0;
    }

    @Override
    public int derivedSize() {
        return 0;
    }

    @Override
    public int[] slots() {
        return new int[0];
    }

    @Override
    public int tasks(int step) {
        return -1;
    }

    @Override
    public int cost(int step) {
        return -1;
    }
}
