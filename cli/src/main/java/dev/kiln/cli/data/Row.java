package dev.kiln.cli.data;

/// One row of a data file while it is read. Columns count from 0.
public interface Row {
    int width();

    /// The number in a column.
    /// @throws dev.kiln.cli.UserError naming file, line and column when there is no such column or no number in it
    double number(int column);

    /// What stands in a column.
    /// @throws dev.kiln.cli.UserError naming file, line and column when there is no such column or the file holds numbers alone
    String text(int column);

    /// Where the row stands, for messages: `digits.csv.gz:17`.
    String place();

    /// How a person finds the column: `column 3 ("weight")`.
    String describe(int column);
}
