package io.sluice.standalone.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.function.IntSupplier;

/** Questions about TCP ports of this machine. The answer can be outdated at once: another process may be faster. */
final class Ports {
    private Ports() {}

    static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A free port that is not this one; two calls of {@link #free} may both answer with the same. */
    static int freeBesides(int port) {
        return firstBesides(port, Ports::free);
    }

    static int firstBesides(int port, IntSupplier ports) {
        int other = ports.getAsInt();
        return other == port ? firstBesides(port, ports) : other;
    }

    static boolean taken(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
