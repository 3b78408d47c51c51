package io.sluice.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
    @TempDir
    Path parent;

    private Path leftover(long pid) throws IOException {
        Path folder = Files.createDirectories(parent.resolve(Leftovers.PREFIX + pid + "-1"));
        Files.createFile(folder.resolve(DataFolder.LOCK));
        Files.writeString(Files.createDirectory(folder.resolve("kafka")).resolve("log"), "data");
        return folder;
    }

    /** Of a process that has ended. */
    private static long dead() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.waitFor();
        return process.pid();
    }

    @Test
    void whatADeadProcessHasLeftIsDeleted() throws Exception {
        Path folder = leftover(dead());

        new Leftovers(parent).delete();

        assertThat(folder).doesNotExist();
    }

    @Test
    void whatALiveProcessHasIsKept() throws IOException {
        Path folder = leftover(ProcessHandle.current().pid());

        new Leftovers(parent).delete();

        assertThat(folder.resolve("kafka/log")).exists();
    }

    @Test
    void whatIsLockedIsKept() throws Exception {
        Path folder = leftover(dead());
        try (FileChannel file = FileChannel.open(folder.resolve(DataFolder.LOCK), StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            new Leftovers(parent).delete();

            assertThat(lock.isValid()).isTrue();
            assertThat(folder.resolve("kafka/log")).exists();
        }
    }

    @Test
    void whatOthersCallSimilarIsKept() throws IOException {
        Path other = Files.createDirectory(parent.resolve(Leftovers.PREFIX + "notes"));
        Path file = Files.createFile(parent.resolve(Leftovers.PREFIX + "999999999-1"));

        new Leftovers(parent).delete();

        assertThat(other).exists();
        assertThat(file).exists();
    }

    @Test
    void aTemporaryBrokersFolderIsOneOnceItsProcessIsDead() throws Exception {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        Path folder = Files.createDirectory(temporary.resolve(Leftovers.PREFIX + dead() + "-1"));
        Files.createFile(folder.resolve(DataFolder.LOCK));

        try (DataFolder own = DataFolder.temporary()) {
            assertThat(own)
                    .asString()
                    .startsWith(temporary.resolve(
                                    Leftovers.PREFIX + ProcessHandle.current().pid()) + "-");
        }

        assertThat(folder).doesNotExist();
    }
}
