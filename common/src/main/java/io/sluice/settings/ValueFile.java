package io.sluice.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * A file that holds a variable's value: {@code SLUICE_X_FILE} is for {@code SLUICE_X}. What it holds is likely to be a secret, so no
 * message shows it.
 */
final class ValueFile {
    static final String ENDING = "_FILE";

    /** What is longer is not meant: a disk, a log. */
    private static final int MOST_BYTES = 1 << 20;

    private ValueFile() {}

    /**
     * What is in the file, without one newline at its end.
     *
     * @throws SettingsException with a fault that names variable and file
     */
    static String read(String variable, String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw fault(variable, file, "it has more than " + MOST_BYTES + " bytes");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            String value = text.endsWith("\r\n")
                    ? text.substring(0, text.length() - 2)
                    : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
            if (value.isBlank()) {
                throw fault(variable, file, "it is empty");
            }
            return value;
        } catch (NoSuchFileException e) {
            throw fault(variable, file, "no such file");
        } catch (AccessDeniedException e) {
            throw fault(variable, file, "permission to read it is denied");
        } catch (CharacterCodingException e) {
            throw fault(variable, file, "it is not UTF-8 text");
        } catch (InvalidPathException e) {
            throw fault(variable, file, "that is no name of a file");
        } catch (IOException e) {
            throw fault(variable, file, Files.isDirectory(Path.of(file)) ? "it is a directory" : "it cannot be read");
        }
    }

    private static SettingsException fault(String variable, String file, String why) {
        return new SettingsException(
                List.of(new Fault(variable, null, "cannot take the value from the file " + file + ": " + why)));
    }
}
