package dev.kiln.compiler.schedule;

import dev.kiln.compiler.kernel.KernelKey;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;

/// What a driver does: loops around calls. No arithmetic on tensors happens here.
public sealed interface Action {
    /// `for (variable = 0; variable < count; variable++)`
    record Loop(String variable, IndexExpr count, List<Action> body) implements Action {}

    record Let(String variable, IndexExpr value) implements Action {}

    /// Runs the case of `value`; nothing where no case matches.
    record Choose(IndexExpr value, SortedMap<Integer, List<Action>> cases) implements Action {}

    /// A call of a kernel class.
    record Kernel(KernelKey key, List<Argument> arguments) implements Action {}

    /// A call of a method of the runtime's `Moves`.
    record Move(String method, List<Argument> arguments) implements Action {}

    default String print(int depth) {
        var indent = "  ".repeat(depth);
        return switch (this) {
            case Loop(var v, var count, var body) -> indent + "for " + v + " < " + count + "\n" + body.stream().map(a -> a.print(depth + 1)).collect(Collectors.joining());
            case Let(var v, var value) -> indent + v + " = " + value + "\n";
            case Choose(var value, var cases) -> cases.entrySet().stream()
                    .map(e -> indent + "when " + value + " == " + e.getKey() + "\n" + e.getValue().stream().map(a -> a.print(depth + 1)).collect(Collectors.joining()))
                    .collect(Collectors.joining());
            case Kernel(var key, var arguments) -> indent + key.className() + arguments + "\n";
            case Move(var method, var arguments) -> indent + method + arguments + "\n";
        };
    }
}
