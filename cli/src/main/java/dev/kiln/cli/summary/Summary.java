package dev.kiln.cli.summary;

import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Parameters;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.op.WindowMax;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The layers of a network in the order in which they are computed when predicting.
public final class Summary {
    private static final int BYTES = 4;

    private final Entry entry;
    private final Parameters parameters;
    private final Map<String, Dim> dims;
    private final Map<Value, Field> fields;
    private final List<Layer> layers = new ArrayList<>();
    private final Set<String> counted = new HashSet<>();
    private String name = "";
    private Optional<Origin> place = Optional.empty();
    private List<Value> values = new ArrayList<>();
    private long learned;
    private Dim operations = Dim.ZERO;

    private Summary(Entry entry, Parameters parameters, Map<String, Dim> dims) {
        this.entry = entry;
        this.parameters = parameters;
        this.dims = dims;
        fields = Field.of(entry.live());
    }

    /// The layers of a prediction.
    /// @param dims the sizes of those symbolic dims that are bound
    public static List<Layer> layers(Program program, Map<String, Dim> dims) {
        Entry predict = program.entry("predict").orElseThrow();
        return new Summary(predict, program.parameters(), dims).walk();
    }

    private List<Layer> walk() {
        for (Value value : entry.live()) {
            visit(value);
        }
        close();
        return layers;
    }

    private void visit(Value value) {
        Optional<Origin> origin = entry.graph().origin(value);
        switch (value.op()) {
            case Input _ -> begin("input " + value.op().attributes(), origin);
            case Param(var path, _) -> owner(path, origin);
            case WindowMax _ -> begin("max window" + line(origin), origin);
            case Op.Source _ -> {
                return;
            }
            default -> {
                if (!origin.equals(place)) {
                    begin(origin.map(Origin::name).filter(n -> !n.isEmpty()).map(n -> n + line(origin)).orElse(line(origin).strip()), origin);
                }
            }
        }
        operations = operations.plus(size(Operations.of(value)));
        if (!(value.op() instanceof Param)) {
            values.add(value);
        }
    }

    private void owner(String path, Optional<Origin> origin) {
        String owner = path.contains(".") ? path.substring(0, path.lastIndexOf('.')) : path;
        if (!owner.equals(name)) {
            begin(owner, origin);
        }
        Optional<Parameter> parameter = parameters.find(path);
        if (counted.add(path) && parameter.isPresent() && parameter.get().role() == Parameter.Role.WEIGHT) {
            learned += parameter.get().type().size().toInt();
        }
    }

    private void begin(String next, Optional<Origin> origin) {
        close();
        name = next;
        place = origin;
    }

    private void close() {
        if (!values.isEmpty()) {
            Value last = values.getLast();
            layers.add(new Layer(name, last.type(), learned, operations, size(last.type().size()).times(BYTES), Optional.ofNullable(fields.get(last)), values));
        }
        values = new ArrayList<>();
        learned = 0;
        operations = Dim.ZERO;
    }

    private Dim size(Dim dim) {
        return dim.substitute(dims);
    }

    private static String line(Optional<Origin> origin) {
        return origin.map(o -> " (line " + o.line() + ")").orElse("");
    }
}
