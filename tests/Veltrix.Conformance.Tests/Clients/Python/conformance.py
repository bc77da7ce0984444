"""What kafka-python does must work: `conformance.py BOOTSTRAP` runs every scenario on topics of its own and prints one
line each, "ok NAME" or "failed NAME: WHY"."""

import sys
import threading
import time
import traceback
import uuid
from concurrent.futures import ThreadPoolExecutor

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from kafka.errors import (
    GroupIdNotFoundError,
    InvalidPartitionsError,
    InvalidReplicationFactorError,
    MessageSizeTooLargeError,
    NonEmptyGroupError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
)
from kafka.structs import OffsetAndMetadata

LIMIT_SECONDS = 60
BOOTSTRAP = sys.argv[1]


def unique(name):
    return f"python-{name}-{uuid.uuid4()}"


def until(condition, what):
    """Waits for a condition that threads or the broker bring about."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not happen within {LIMIT_SECONDS} s")
        time.sleep(0.02)


def equal(actual, expected):
    if actual != expected:
        raise AssertionError(f"{actual!r} is not {expected!r}")


def fails(error_type, action):
    try:
        action()
    except error_type:
        return
    raise AssertionError(f"no {error_type.__name__}")


def admin():
    return KafkaAdminClient(bootstrap_servers=BOOTSTRAP)


def producer(**options):
    return KafkaProducer(bootstrap_servers=BOOTSTRAP, acks="all", **{"retries": 10, **options})


def consumer(*topics, **options):
    options = {
        "group_id": None,
        "auto_offset_reset": "earliest",
        "enable_auto_commit": False,
        "session_timeout_ms": 10_000,
        "heartbeat_interval_ms": 200,
        "fetch_max_wait_ms": 50,
        **options,
    }
    return KafkaConsumer(*topics, bootstrap_servers=BOOTSTRAP, **options)


def topic(name, partitions=1, configs=None):
    name = unique(name)
    client = admin()
    client.create_topics([NewTopic(name, partitions, 1, topic_configs=configs or {})])
    until(lambda: has_leaders(client.describe_topics([name])[0]), "leaders of a new topic")
    client.close()
    return name


def has_leaders(described):
    return described["error_code"] == 0 and all(partition["leader"] >= 0 for partition in described["partitions"])


def send(name, values, **options):
    with_options = producer(**options)
    futures = [with_options.send(name, value=value) for value in values]
    with_options.flush()
    offsets = [future.get(LIMIT_SECONDS).offset for future in futures]
    with_options.close()
    return offsets


def take(reader, count):
    records = []
    until(lambda: records.extend(poll(reader)) or len(records) >= count, f"reading {count} records")
    return records


def poll(reader):
    return [record for batch in reader.poll(timeout_ms=100).values() for record in batch]


def numbers(count, first=0):
    return [b"%d" % (first + index) for index in range(count)]


def values(records):
    return [record.value for record in records]


def codecs():
    name = topic("codecs")
    for index, codec in enumerate([None, "gzip", "snappy", "lz4", "zstd"]):
        send(name, numbers(300, index * 300), compression_type=codec)
    equal(values(take(consumer(name), 1500)), numbers(1500))


def headers_keys_and_tombstones():
    name = topic("headers")
    headers = [("text", b"a"), ("twice", b"b"), ("twice", b"\x00\xff"), ("empty", b"")]
    sender = producer()
    sender.send(name, key=b"key", value=b"value", headers=headers)
    sender.send(name, key=b"key", value=None)
    sender.close()
    first, tombstone = take(consumer(name), 2)
    equal((first.key, first.value, first.headers), (b"key", b"value", headers))
    equal((tombstone.key, tombstone.value), (b"key", None))


def large_messages():
    name = topic("large")
    large = b"x" * 1_000_000
    sender = producer(max_request_size=4_000_000, retries=0)
    sender.send(name, large).get(LIMIT_SECONDS)
    fails(MessageSizeTooLargeError, lambda: sender.send(name, large + large).get(LIMIT_SECONDS))
    sender.close()
    equal(len(take(consumer(name), 1)[0].value), len(large))


def group(assignor):
    name = topic("group", 4)
    options = {"group_id": unique("group"), "partition_assignment_strategy": [assignor]}
    received, assigned = set(), {}
    stop_sending, leave_first, leave_second = threading.Event(), threading.Event(), threading.Event()

    def read(who, until_event):
        reader = consumer(name, **options)
        while not until_event.is_set():
            received.update(values(poll(reader)))
            assigned[who] = len(reader.assignment())
        # What it has read is committed, so that another goes on there.
        reader.commit()
        reader.close()
        assigned[who] = 0

    def produce():
        count = 0
        sender = producer()
        while not stop_sending.is_set():
            sending = [sender.send(name, b"%d" % (count + partition), partition=partition) for partition in range(4)]
            for future in sending:
                future.get(LIMIT_SECONDS)
            count += len(sending)
        sender.close()
        return count

    with ThreadPoolExecutor(3) as threads:
        try:
            producing = threads.submit(produce)
            first = threads.submit(read, "first", leave_first)
            until(lambda: assigned.get("first") == 4, "all partitions for the first")
            second = threads.submit(read, "second", leave_second)
            until(lambda: assigned == {"first": 2, "second": 2}, "two partitions each")
            leave_first.set()
            until(lambda: assigned == {"first": 0, "second": 4}, "all partitions for the second")
            stop_sending.set()
            sent = producing.result()
            until(lambda: len(received) == sent, f"all {sent} records")
        finally:
            for event in (stop_sending, leave_first, leave_second):
                event.set()
        first.result(), second.result()
    equal(received, set(numbers(sent)))


def group_range():
    group(RangePartitionAssignor)


def group_round_robin():
    group(RoundRobinPartitionAssignor)


def commit_and_go_on():
    name = topic("commit")
    send(name, numbers(10))
    options = {"group_id": unique("group")}
    partition = TopicPartition(name, 0)
    first = consumer(name, **options)
    take(first, 10)
    first.commit({partition: OffsetAndMetadata(7, "note")})
    first.close()
    second = consumer(name, **options)
    equal(values(take(second, 3)), numbers(3, 7))
    equal(second.committed(partition, metadata=True), OffsetAndMetadata(7, "note"))
    second.close()


def seek():
    name = topic("seek")
    equal(send(name, numbers(10)), list(range(10)))
    partition = TopicPartition(name, 0)
    reader = consumer()
    reader.assign([partition])
    reader.seek(partition, 7)
    equal(values(take(reader, 3)), numbers(3, 7))
    reader.seek_to_beginning(partition)
    equal(values(take(reader, 10)), numbers(10))
    reader.seek_to_end(partition)
    equal(reader.position(partition), 10)
    reader.close()


def offsets_and_timestamps():
    name = topic("timestamps")
    # Of today: what is older than the topic keeps may be gone before it is read.
    start = int(time.time() * 1000) - 3_600_000
    sender = producer()
    for minute in range(5):
        sender.send(name, b"%d" % minute, timestamp_ms=start + minute * 60_000).get(LIMIT_SECONDS)
    sender.close()
    partition = TopicPartition(name, 0)
    reader = consumer()
    equal(reader.beginning_offsets([partition])[partition], 0)
    equal(reader.end_offsets([partition])[partition], 5)
    found = reader.offsets_for_times({partition: start + 90_000})[partition]
    equal((found.offset, found.timestamp), (2, start + 120_000))
    equal(reader.offsets_for_times({partition: start + 7_200_000})[partition], None)
    reader.close()


def topics():
    client = admin()
    name = topic("topics", 2)
    fails(TopicAlreadyExistsError, lambda: client.create_topics([NewTopic(name, 1, 1)]))
    fails(InvalidReplicationFactorError, lambda: client.create_topics([NewTopic(unique("r"), 1, 7)]))
    client.create_partitions({name: NewPartitions(5)})
    described = lambda: client.describe_topics([name])[0]
    until(lambda: len(described()["partitions"]) == 5, "five partitions")
    fails(InvalidPartitionsError, lambda: client.create_partitions({name: NewPartitions(3)}))
    if name not in client.list_topics():
        raise AssertionError(f"{name} is not listed")
    client.delete_topics([name])
    until(lambda: name not in client.list_topics(), "the deletion")
    fails(UnknownTopicOrPartitionError, lambda: client.delete_topics([name]))
    equal(len(client.describe_cluster()["brokers"]), 1)
    client.close()


def configurations():
    client = admin()
    name = topic("configurations", configs={"retention.ms": "123456"})

    def value(wanted):
        answer = client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])[0].resources[0]
        return next((entry[1] for entry in answer[4] if entry[0] == wanted), None)

    until(lambda: value("retention.ms") == "123456", "the topic's own setting")
    client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, {"max.message.bytes": "5000"})])
    until(lambda: value("max.message.bytes") == "5000", "the change")
    equal(value("retention.ms"), "604800000")
    client.close()


def groups():
    client = admin()
    name = topic("groups")
    group_id = unique("group")
    send(name, numbers(3))
    member = consumer(name, group_id=group_id)
    take(member, 3)
    member.commit()
    equal((group_id, "consumer") in client.list_consumer_groups(), True)
    described = client.describe_consumer_groups([group_id])[0]
    equal((described.state, described.protocol, len(described.members)), ("Stable", "range", 1))
    equal(described.members[0].member_assignment.assignment, [(name, [0])])
    equal(client.list_consumer_group_offsets(group_id)[TopicPartition(name, 0)].offset, 3)
    equal(client.delete_consumer_groups([group_id]), [(group_id, NonEmptyGroupError)])
    member.close()
    equal(client.delete_consumer_groups([group_id])[0][1].errno, 0)
    equal(client.delete_consumer_groups([group_id]), [(group_id, GroupIdNotFoundError)])
    client.close()


SCENARIOS = [
    codecs,
    headers_keys_and_tombstones,
    large_messages,
    group_range,
    group_round_robin,
    commit_and_go_on,
    seek,
    offsets_and_timestamps,
    topics,
    configurations,
    groups,
]


def run(scenario):
    try:
        scenario()
        return f"ok {scenario.__name__}"
    except Exception:  # whatever it is, it is this scenario's result
        return f"failed {scenario.__name__}: " + traceback.format_exc().replace("\n", " | ")


with ThreadPoolExecutor(len(SCENARIOS)) as pool:
    for line in pool.map(run, SCENARIOS):
        print(line, flush=True)
