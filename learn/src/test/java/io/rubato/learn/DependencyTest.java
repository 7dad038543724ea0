package io.rubato.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Arrows point inward: a learner sees the engine's public API and kernels, and no other package of the project. */
class DependencyTest {
    private static final Pattern CLASS_NAME = Pattern.compile("io/rubato/(?:[a-z0-9]+/)*[A-Z]");
    private static final Pattern ALLOWED = Pattern.compile("io/rubato/(kernel/|learn/([a-z0-9]+/)*)?[A-Z]");

    @Test
    void classesReferToNothingElseOfTheProject() throws IOException {
        final SortedSet<String> forbidden = new TreeSet<>();
        int classes = 0;
        try (Stream<Path> files = Files.walk(Path.of("target/classes"))) {
            for (final Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
                classes++;
                for (final PoolEntry entry : ClassFile.of().parse(file).constantPool()) {
                    // Descriptors and signatures are texts, too.
                    final String text = switch (entry) {
                        case ClassEntry reference -> reference.asInternalName();
                        case Utf8Entry utf8 -> utf8.stringValue();
                        default -> "";
                    };
                    final Matcher names = CLASS_NAME.matcher(text);
                    while (names.find()) {
                        if (!ALLOWED.matcher(names.group()).matches()) {
                            forbidden.add(file.getFileName() + " refers to " + text);
                        }
                    }
                }
            }
        }
        assertTrue(classes > 10, "no classes found");
        assertEquals(new TreeSet<>(), forbidden);
    }
}
