package io.sluice.standalone.bench.subject;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/** What this process has used so far. Any thread. */
final class ProcessFigures {
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final AtomicLong peak = new AtomicLong();

    private ProcessFigures() {}

    /** Begins to watch the heap: it is at its largest when a collection begins, or now. */
    static ProcessFigures watch() {
        Set<String> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getName)
                .collect(Collectors.toSet());
        ProcessFigures figures = new ProcessFigures();
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener(
                        (notification, unused) -> {
                            if (notification.getUserData() instanceof CompositeData data
                                    && notification
                                            .getType()
                                            .equals(
                                                    GarbageCollectionNotificationInfo
                                                            .GARBAGE_COLLECTION_NOTIFICATION)) {
                                figures.collected(GarbageCollectionNotificationInfo.from(data), pools);
                            }
                        },
                        null,
                        null);
            }
        }
        return figures;
    }

    private void collected(GarbageCollectionNotificationInfo info, Set<String> pools) {
        long used = info.getGcInfo().getMemoryUsageBeforeGc().entrySet().stream()
                .filter(pool -> pools.contains(pool.getKey()))
                .map(Map.Entry::getValue)
                .mapToLong(usage -> usage.getUsed())
                .sum();
        peak.accumulateAndGet(used, Math::max);
    }

    /** Bytes. */
    long peakHeap() {
        long now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        return peak.accumulateAndGet(now, Math::max);
    }

    /** Processor time of all threads, the JVM's own included. */
    static long cpuNanos() {
        return SYSTEM.getProcessCpuTime();
    }
}
