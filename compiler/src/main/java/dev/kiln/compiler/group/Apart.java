package dev.kiln.compiler.group;

/// The rule by which a value and one that reads it do not run in one kernel, so that the value is written to memory and read again.
public enum Apart {
    WHOLE_OPERAND("a contraction, a window, a loop or a copy reads its operands from memory"),
    WHOLE_RESULT("what a window, a loop or a copy makes lies in memory"),
    TILE_END("a contraction takes a bias, a residual, and relu or clip at its end, and nothing else"),
    MANY_READERS("a contraction hands its result on in registers only where nobody else reads it"),
    GATHERED("a sum over this many places is gathered in memory"),
    PREPARED("what depends on the weights alone is computed when they change, not in every call"),
    COLUMN_SUM("a sum over columns is known only after the last row"),
    MOVED("it is read shifted, with a stride or in another shape"),
    OTHER_AXES("the two run over different axes, or over the same in different orders"),
    REDUCES_OTHERWISE("a kernel reduces along its rows or along its columns, not both"),
    OPERATIONS("one kernel would hold too many operations"),
    REDUCTIONS("one kernel would hold too many reductions"),
    MEMORY("one kernel would read and write too many values in memory"),
    REGISTERS("one kernel would hold more vectors at a time than there are registers"),
    BETWEEN("another kernel must run between the two");

    private final String words;

    Apart(String words) {
        this.words = words;
    }

    /// The rule as a sentence.
    public String words() {
        return words;
    }
}
