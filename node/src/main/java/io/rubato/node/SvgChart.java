package io.rubato.node;

import java.util.List;

/** A picture of panels beside each other, each with a title and labelled axes, as SVG. Values are at least 0. */
final class SvgChart {
    private static final int PANEL = 480;
    private static final int HEIGHT = 400;
    private static final int LEFT = 70;
    private static final int RIGHT = 20;
    private static final int TOP = 80;
    private static final int BOTTOM = 80;
    private static final int PLOT = PANEL - LEFT - RIGHT;
    private static final int PLOT_HEIGHT = HEIGHT - TOP - BOTTOM;
    private static final int TICKS = 5;
    private static final double WHISKER = 8;
    private static final String BLUE = "#4477aa";
    private static final String DARK = "#222222";

    private final String title;
    private final StringBuilder panels = new StringBuilder();
    private int count;

    SvgChart(final String title) {
        this.title = title;
    }

    /**
     * A bar with a whisker.
     *
     * @param label below it
     * @param value its height
     * @param least lower end of the whisker
     * @param most  upper end of the whisker
     */
    record Bar(String label, double value, double least, double most) {
    }

    /**
     * A point of a line; they stand at equal distances.
     *
     * @param label below it
     * @param value its height
     */
    record Point(String label, double value) {
    }

    SvgChart bars(final String heading, final String across, final String upwards, final List<Bar> bars) {
        final double scale = begin(heading, across, upwards, bars.stream().mapToDouble(Bar::most).max().orElse(1));
        final double slot = (double) PLOT / bars.size();
        for (int i = 0; i < bars.size(); i++) {
            final Bar bar = bars.get(i);
            final double middle = left() + (i + 0.5) * slot;
            panels.append(Text.of("<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
                    + "fill=\"%s\"/>%n", middle - 0.3 * slot, y(bar.value(), scale), 0.6 * slot,
                    bar.value() * scale, BLUE));
            final double low = y(bar.least(), scale);
            final double high = y(bar.most(), scale);
            stroke(middle, low, middle, high, DARK);
            stroke(middle - WHISKER, low, middle + WHISKER, low, DARK);
            stroke(middle - WHISKER, high, middle + WHISKER, high, DARK);
            text(middle, y(0, scale) + 18, 12, "middle", bar.label());
            text(middle, y(0, scale) + 33, 11, "middle", Text.of("%.1f", bar.value()));
        }
        return end();
    }

    SvgChart line(final String heading, final String across, final String upwards, final List<Point> points) {
        final double scale =
                begin(heading, across, upwards, points.stream().mapToDouble(Point::value).max().orElse(1));
        final double slot = (double) PLOT / points.size();
        final StringBuilder path = new StringBuilder();
        for (int i = 0; i < points.size(); i++) {
            final Point point = points.get(i);
            final double x = left() + (i + 0.5) * slot;
            final double y = y(point.value(), scale);
            path.append(Text.of("%.1f,%.1f ", x, y));
            panels.append(Text.of("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>%n", x, y, BLUE));
            text(x, y - 9, 11, "middle", Text.of("%.1f", point.value()));
            text(x, y(0, scale) + 18, 12, "middle", point.label());
        }
        panels.append(Text.of("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n",
                path.toString().strip(), BLUE));
        return end();
    }

    /** Axes and their words; returns pixels per unit. */
    private double begin(final String heading, final String across, final String upwards, final double greatest) {
        final double step = step(greatest);
        final double top = step * Math.max(1, Math.ceil(greatest * 1.05 / step));
        final double scale = PLOT_HEIGHT / top;
        text(left() + PLOT / 2.0, TOP - 20, 13, "middle", heading);
        text(left() + PLOT / 2.0, HEIGHT - 22, 13, "middle", across);
        final double x = left() - 46.0;
        final double y = TOP + PLOT_HEIGHT / 2.0;
        panels.append(Text.of("<text x=\"%.1f\" y=\"%.1f\" font-size=\"13\" text-anchor=\"middle\" "
                + "transform=\"rotate(-90 %.1f %.1f)\">%s</text>%n", x, y, x, y, escaped(upwards)));
        for (int i = 0; i * step <= top * 1.0001; i++) {
            final double tick = y(i * step, scale);
            stroke(left(), tick, left() + (double) PLOT, tick, i == 0 ? DARK : "#dddddd");
            text(left() - 8.0, tick + 4, 12, "end", Text.of(step < 1 ? "%.2f" : "%.0f", i * step));
        }
        stroke(left(), TOP, left(), y(0, scale), DARK);
        return scale;
    }

    private SvgChart end() {
        count++;
        return this;
    }

    /** A round number that divides the axis into some five parts: 1, 2 or 5 times a power of ten. */
    private static double step(final double greatest) {
        final double rough = Math.max(greatest, 1e-9) / TICKS;
        final double power = Math.pow(10, Math.floor(Math.log10(rough)));
        return power * (rough > 5 * power ? 10 : rough > 2 * power ? 5 : rough > power ? 2 : 1);
    }

    private int left() {
        return count * PANEL + LEFT;
    }

    private static double y(final double value, final double scale) {
        return TOP + PLOT_HEIGHT - value * scale;
    }

    private void stroke(final double x1, final double y1, final double x2, final double y2, final String colour) {
        panels.append(Text.of("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n", x1, y1, x2,
                y2, colour));
    }

    private void text(final double x, final double y, final int size, final String anchor, final String words) {
        panels.append(Text.of("<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" text-anchor=\"%s\">%s</text>%n", x, y,
                size, anchor, escaped(words)));
    }

    private static String escaped(final String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    /** The whole document. */
    @Override
    public String toString() {
        final int width = Math.max(1, count) * PANEL;
        return Text.of("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
                + "font-family=\"sans-serif\" fill=\"%s\">%n<title>%s</title>%n"
                + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n"
                + "<text x=\"%d\" y=\"30\" font-size=\"17\" text-anchor=\"middle\">%s</text>%n%s</svg>%n", width,
                HEIGHT, width, HEIGHT, DARK, escaped(title), width / 2, escaped(title), panels);
    }
}
