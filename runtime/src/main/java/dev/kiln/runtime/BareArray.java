package dev.kiln.runtime;

/// An array that comes without a shape. At a door whose extents are numbers, save perhaps the first, its length says the rest.
final class BareArray {
    private BareArray() {}

    /// The shape of an array of this length.
    /// @param subject the entry, as messages name it
    /// @throws ShapeException when no shape of the door has so many elements, or the door leaves more than its first extent open
    static int[] shape(String subject, Door door, String[] dims, int length) {
        int[] shape = new int[door.rank()];
        long row = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = door.axis(axis);
            if (shape[axis] >= 0) row *= shape[axis];
            else if (axis > 0) throw new ShapeException(subject + ": input " + door.print(dims) + " cannot be told from the length of an array, pass a Tensor");
        }
        boolean open = shape.length > 0 && shape[0] < 0;
        if (open && row == 0) throw new ShapeException(subject + ": input " + door.print(dims) + " takes no elements, so they do not tell " + dims[-shape[0] - 1] + "; pass a Tensor");
        if (open ? length % row != 0 : length != row) throw new ShapeException(subject + ": input " + door.print(dims) + " " + fitting(open, row, length));
        if (open) shape[0] = (int) (length / row);
        return shape;
    }

    /// `takes a multiple of 784 elements; an array of 1000 is neither 1 x 784 = 784 nor 2 x 784 = 1568`.
    private static String fitting(boolean open, long row, int length) {
        if (!open) return "takes " + row + " elements, got an array of " + length;
        long below = length / row;
        return "takes a multiple of " + row + " elements; an array of " + length + " is neither " + below + " x " + row + " = " + below * row + " nor " + (below + 1) + " x " + row + " = " + (below + 1) * row;
    }
}
