package io.rubato.bench;

import java.util.ArrayList;
import java.util.List;

/** Columns for a terminal: the first to the left, the others to the right unless no cell of theirs holds a number. */
final class TextTable {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    TextTable(final String... heads) {
        rows.add(List.of(heads));
    }

    void row(final String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException(cells.length + " cells under " + rows.getFirst().size() + " heads");
        }
        rows.add(List.of(cells));
    }

    List<String> lines() {
        final int columns = rows.getFirst().size();
        final List<String> lines = new ArrayList<>();
        for (final List<String> row : rows) {
            final StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                final String cell = row.get(column);
                final String padding = " ".repeat(width(column) - cell.length());
                line.append(column == 0 ? "" : GAP);
                line.append(column == 0 || isWords(column) ? cell + padding : padding + cell);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private int width(final int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElseThrow();
    }

    /** Whether no cell below the head begins with a digit. */
    private boolean isWords(final int column) {
        return rows.stream().skip(1).map(row -> row.get(column))
                .noneMatch(cell -> !cell.isEmpty()
                        && (Character.isDigit(cell.charAt(0)) || cell.startsWith("-") && cell.length() > 1));
    }
}
