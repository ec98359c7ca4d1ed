package dev.kiln.compiler.rewrite;

import dev.kiln.compiler.graph.Value;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How often each value is read, while others take the place of values: by the operands of what the outputs need, and by the outputs. Who reads a value twice counts twice.
final class Readers {
    private final Map<Value, Integer> reads = new HashMap<>();
    /// What is read in the place of a value.
    private final Map<Value, Value> instead = new HashMap<>();

    Readers(Map<Value, List<Value>> users, Collection<Value> outputs) {
        users.forEach((v, all) -> reads.put(v, all.size()));
        outputs.forEach(v -> reads.merge(v, 1, Integer::sum));
    }

    boolean once(Value v) {
        return count(v) == 1;
    }

    int count(Value v) {
        return reads.getOrDefault(v, 0);
    }

    /// From now on whoever reads `before` reads `after`.
    void replaced(Value before, Value after) {
        int moved = reads.getOrDefault(before, 0);
        var now = current(after);
        change(now, moved);
        instead.put(before, now);
        change(before, -moved);
    }

    /// `more` reads of a value. What is read for the first time reads its operands, and what is read no more does not.
    private void change(Value value, int more) {
        if (!turns(value, more)) return;
        int each = Integer.signum(more);
        var turned = new ArrayDeque<Value>();
        turned.add(value);
        while (!turned.isEmpty())
            for (var operand : turned.pop().op().operands()) {
                var now = current(operand);
                if (turns(now, each)) turned.add(now);
            }
    }

    /// Counts, and says whether the reads of `v` began or ended with that.
    private boolean turns(Value v, int more) {
        int after = reads.merge(v, more, Integer::sum);
        return more != 0 && (after == 0 || after == more);
    }

    private Value current(Value v) {
        var now = v;
        while (instead.containsKey(now)) now = instead.get(now);
        return now;
    }
}
