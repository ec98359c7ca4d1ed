package dev.kiln.runtime;

import java.util.Arrays;

/// The doors of one entry: what callers pass and get, checked, with a message that names the door.
final class Doors {
    /// The input of counted entries that callers do not pass.
    private static final String STEP = "step";

    private final String subject;
    private final EntryCode code;
    private final Door[] inputs;
    private final Door[] outputs;
    private final int stepDoor;
    private final Door[] callerInputs;

    /// @param subject the entry, as messages name it
    Doors(String subject, EntryCode code) {
        this.subject = subject;
        this.code = code;
        inputs = code.inputs();
        outputs = code.outputs();
        stepDoor = EntryCode.COUNTED.contains(code.name()) ? find(STEP, inputs) : -1;
        callerInputs = Arrays.stream(inputs).filter(door -> stepDoor < 0 || door != inputs[stepDoor]).toArray(Door[]::new);
    }

    private static int find(String name, Door... doors) {
        for (int i = 0; i < doors.length; i++) {
            if (doors[i].name().equals(name)) return i;
        }
        return -1;
    }

    Door[] inputs() {
        return inputs.clone();
    }

    Door[] outputs() {
        return outputs.clone();
    }

    /// The inputs without the number of the step.
    Door[] callerInputs() {
        return callerInputs.clone();
    }

    /// A bare array for one of the caller's inputs.
    /// @throws ShapeException when its length does not fit
    Tensor wrap(int input, float[] values) {
        return Tensor.of(values, BareArray.shape(subject, callerInputs[input], code.dims(), values.length));
    }

    /// A bare array of ints for one of the caller's inputs.
    /// @throws ShapeException when its length does not fit
    Tensor wrap(int input, int[] values) {
        return Tensor.of(values, BareArray.shape(subject, callerInputs[input], code.dims(), values.length));
    }

    /// A batch that is learned from or scored, with the number of the step among its tensors, where this entry takes it.
    /// @throws ShapeException when it has no rows: a mean over them is no number
    Tensor[] batch(int step, Tensor... in) {
        for (int i = 0; i < in.length && i < callerInputs.length; i++)
            if (in[i].size() == 0) throw new ShapeException(subject + " needs at least one row, but input '" + callerInputs[i].name() + "' is " + in[i]);
        if (stepDoor < 0 || in.length != inputs.length - 1) return in;
        Tensor[] all = Arrays.copyOf(in, inputs.length);
        System.arraycopy(in, stepDoor, all, stepDoor + 1, in.length - stepDoor);
        all[stepDoor] = inputs[stepDoor].kind() == Door.Kind.INT ? Tensor.of(new int[] {step}) : Tensor.of(new float[] {step});
        return all;
    }

    /// New outputs, all zero.
    Tensor[] results(Binding binding) {
        return zeros(outputs, binding);
    }

    static Tensor[] zeros(Door[] doors, Binding binding) {
        var tensors = new Tensor[doors.length];
        for (int i = 0; i < doors.length; i++) tensors[i] = Tensor.zeros(doors[i].kind(), doors[i].shape(binding.b));
        return tensors;
    }

    /// Reads the dims from the inputs, holds every input against its door and finds the binding.
    Binding bind(Bindings bindings, Context context, Tensor... in) {
        if (in.length != inputs.length) throw new ShapeException(subject + " takes " + signature() + "; got " + in.length + " inputs");
        int[] dims = context.dims;
        Arrays.fill(dims, -1);
        boolean computed = false;
        for (int i = 0; i < in.length; i++) {
            Door door = inputs[i];
            Tensor tensor = in[i];
            if (tensor.rank() != door.rank() || tensor.isInt() != (door.kind() == Door.Kind.INT)) throw new ShapeException(wrong(door, tensor));
            for (int axis = 0; axis < door.rank(); axis++) {
                int extent = tensor.extent(axis);
                int dim = -door.axis(axis) - 1;
                if (dim < 0) {
                    if (extent != door.axis(axis)) throw new ShapeException(wrong(door, tensor) + ": axis " + axis + " is " + extent + " instead of " + door.axis(axis));
                } else if (dim >= dims.length) {
                    computed = true;
                } else if (dims[dim] < 0) {
                    dims[dim] = extent;
                    context.origins[dim] = i;
                } else if (dims[dim] != extent) {
                    throw new ShapeException(wrong(door, tensor) + ": axis " + axis + " is " + extent + ", but " + code.dims()[dim] + " = " + dims[dim] + " from input '" + inputs[context.origins[dim]].name() + "'");
                }
            }
        }
        Binding binding = bindings.get(dims);
        if (computed) fits(binding, in);
        return binding;
    }

    /// Extents that follow from the dims, `N + 1`, are known once the dims are.
    private void fits(Binding binding, Tensor... in) {
        for (int i = 0; i < in.length; i++)
            for (int axis = 0; axis < inputs[i].rank(); axis++)
                if (in[i].extent(axis) != inputs[i].extent(axis, binding.b))
                    throw new ShapeException(wrong(inputs[i], in[i]) + ": axis " + axis + " is " + in[i].extent(axis) + " instead of " + inputs[i].extent(axis, binding.b));
    }

    /// Holds the room that a caller gives for each output against its door.
    /// @throws ShapeException when one does not fit
    void checkOutputs(Binding binding, Tensor... out) {
        if (out.length != outputs.length) throw new ShapeException(subject + " gives " + outputs.length + " outputs, got room for " + out.length);
        for (int i = 0; i < out.length; i++) fits(binding, outputs[i], out[i]);
    }

    private void fits(Binding binding, Door door, Tensor tensor) {
        boolean same = tensor.rank() == door.rank() && tensor.isInt() == (door.kind() == Door.Kind.INT);
        for (int axis = 0; same && axis < door.rank(); axis++) same = tensor.extent(axis) == door.extent(axis, binding.b);
        if (!same) throw new ShapeException(subject + ": output '" + door.name() + "' needs shape " + Shapes.print(door.shape(binding.b)) + ", got room for " + tensor);
    }

    private String wrong(Door door, Tensor tensor) {
        return subject + ": input " + door.print(code.dims()) + " got " + tensor;
    }

    /// `image f32[N, 64], label i32[N]`.
    private String signature() {
        var text = new StringBuilder();
        for (Door door : callerInputs) text.append(text.isEmpty() ? "" : ", ").append(door.print(code.dims()));
        return text.toString();
    }
}
