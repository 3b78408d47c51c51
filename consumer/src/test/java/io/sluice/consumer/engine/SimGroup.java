package io.sluice.consumer.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * The group: who is to have which partition numbers. As with Kafka, a number goes to its next owner only when the last
 * one's callback has returned, or its session is over.
 */
final class SimGroup {
    private final SimWorld world;
    private final int numbers;
    private final List<SimMember> members = new ArrayList<>();
    private int epoch;
    private int changes;

    SimGroup(SimWorld world, int numbers) {
        this.world = world;
        this.numbers = numbers;
    }

    SimMember join(SimConsumer consumer) {
        SimMember member = new SimMember(consumer, ++epoch);
        members.add(member);
        rebalance();
        return member;
    }

    /** It has left, or its session is over. */
    void remove(SimMember member) {
        if (members.remove(member)) {
            member.forget();
            world.witness.sessionOver(member.consumer);
            member.owned.clear();
            rebalance();
        }
    }

    /** How often anything has changed. */
    int changes() {
        return changes;
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    /** Deals the numbers out anew, in a random order. */
    void rebalance() {
        changes++;
        if (members.isEmpty()) {
            return;
        }
        List<SimMember> order = new ArrayList<>(members);
        members.forEach(member -> {
            member.target.clear();
            member.revokesAll = world.setup.eager && !member.owned.isEmpty();
        });
        for (int number = 0; number < numbers; number++) {
            if (order.isEmpty()) {
                order.addAll(members);
            }
            order.remove(world.random.nextInt(order.size())).target.add(number);
        }
        world.trace.say("the group: %s", this);
        members.forEach(member -> member.consumer.wake());
    }

    /** Whether the member may have the number now. */
    boolean isFree(int number) {
        return members.stream().noneMatch(member -> member.owned.contains(number) || member.revokesAll);
    }

    void gaveBack(SimMember member, int number) {
        changes++;
        member.owned.remove(number);
        if (member.owned.isEmpty()) {
            member.revokesAll = false;
        }
        members.forEach(other -> other.consumer.wake());
    }

    /** Something has been written to that partition number. */
    void wake(int number) {
        for (SimMember member : members) {
            if (member.owned.contains(number)) {
                member.consumer.wake();
            }
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        members.forEach(member ->
                text.append(member).append(" is to have ").append(member.target).append("; "));
        return text.toString();
    }
}
