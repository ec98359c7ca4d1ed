package dev.kiln.compiler.kernel;

import dev.kiln.compiler.kernel.RowsBody.Extent;
import dev.kiln.compiler.type.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Types and extents of a body's nodes, and what a body must obey.
record BodyCheck(List<Port> ports, List<Node> nodes) {
    void check(List<Store> stores) {
        if (stores.isEmpty()) throw new IllegalArgumentException("a body without stores does nothing");
        List<DType> types = types();
        List<Extent> extents = extents(ports, nodes);
        if (nodes.stream().anyMatch(n -> n instanceof Node.RowReduce) && nodes.stream().anyMatch(n -> n instanceof Node.ColumnReduce))
            throw new IllegalArgumentException("row and column reductions in one body");
        for (Store store : stores) {
            Objects.checkIndex(store.node(), nodes.size());
            Port port = ports.get(Objects.checkIndex(store.port(), ports.size()));
            if (port.type() != types.get(store.node()))
                throw new IllegalArgumentException("n%d is %s and cannot go to %s".formatted(store.node(), types.get(store.node()), port));
            if (!fits(extents.get(store.node()), port.kind()))
                throw new IllegalArgumentException("n%d is %s and cannot go to %s".formatted(store.node(), extents.get(store.node()), port));
        }
        for (int i = 0; i < stores.size(); i++)
            for (int k = 0; k < i; k++)
                if (stores.get(i).port() == stores.get(k).port()) throw new IllegalArgumentException("two stores to p" + stores.get(i).port());
    }

    private static boolean fits(Extent extent, Port.Kind kind) {
        return switch (kind) {
            case STREAM -> true;
            case ROW -> extent == Extent.ROW || extent == Extent.SCALAR;
            case SCALAR -> extent == Extent.SCALAR;
            case INDEX, ROW_INDEX, NUMBER -> false;
        };
    }

    List<DType> types() {
        var types = new ArrayList<DType>();
        for (Node node : nodes) {
            for (int operand : node.operands()) Objects.checkIndex(operand, types.size());
            types.add(type(node, node.operands().stream().map(types::get).toList()));
        }
        return types;
    }

    private DType type(Node node, List<DType> operands) {
        return switch (node) {
            case Node.Read(int port) -> ports.get(Objects.checkIndex(port, ports.size())).type();
            case Node.Literal(_, DType type) -> type;
            case Node.Apply(var fn, _) -> fn.result(operands);
            case Node.Cast(_, DType type) -> type;
            case Node.Draw _ -> {
                if (operands.stream().anyMatch(t -> t != DType.i32)) throw new IllegalArgumentException(node + " needs i32, got " + operands);
                yield DType.f32;
            }
            case Node.RowReduce _, Node.ColumnReduce _ -> {
                if (operands.getFirst() != DType.f32) throw new IllegalArgumentException(node + " needs f32, got " + operands.getFirst());
                yield DType.f32;
            }
        };
    }

    static List<Extent> extents(List<Port> ports, List<Node> nodes) {
        var extents = new ArrayList<Extent>();
        for (Node node : nodes) {
            List<Extent> operands = node.operands().stream().map(extents::get).toList();
            if (operands.contains(Extent.COLUMN)) throw new IllegalArgumentException(node + " reads a column reduction, which can only be stored");
            extents.add(switch (node) {
                case Node.Read(int port) -> switch (ports.get(port).kind()) {
                    case STREAM, INDEX -> Extent.FULL;
                    case ROW, ROW_INDEX -> Extent.ROW;
                    case SCALAR, NUMBER -> Extent.SCALAR;
                };
                case Node.Literal _ -> Extent.SCALAR;
                case Node.RowReduce _ -> Extent.ROW;
                case Node.ColumnReduce _ -> Extent.COLUMN;
                case Node.Apply _, Node.Cast _, Node.Draw _ -> operands.stream().reduce(Extent.SCALAR, (a, b) -> a.compareTo(b) > 0 ? a : b);
            });
        }
        return extents;
    }
}
