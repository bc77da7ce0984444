'use strict'
// What kafkajs does must work: `node conformance.js BOOTSTRAP` runs every scenario on topics of its own and prints one line each,
// "ok NAME" or "failed NAME: WHY". With "--transactions" it runs those that need transactions instead.
const assert = require('node:assert/strict')
const { randomUUID } = require('node:crypto')
const {
  Kafka,
  AssignerProtocol,
  CompressionTypes,
  CompressionCodecs,
  ConfigResourceTypes,
  logLevel,
} = require('kafkajs')
const snappy = require('snappyjs')
const lz4 = require('lz4js')
const xxh32 = require('lz4js/xxh32.js')

CompressionCodecs[CompressionTypes.Snappy] = () => ({
  compress: async (encoder) => snappy.compress(encoder.buffer),
  decompress: async (buffer) => snappy.uncompress(buffer),
})
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: async (encoder) => independentBlocks(Buffer.from(lz4.compress(encoder.buffer))),
  decompress: async (buffer) => Buffer.from(lz4.decompress(buffer)),
})

/**
 * Kafka takes frames of independent blocks only. What is sent here is one block, so the frame may say so: bit 5 of its flags
 * (byte 4), and the header's checksum (byte 6) anew.
 */
function independentBlocks(frame) {
  frame[4] |= 0x20
  frame[6] = (xxh32.hash(0, frame, 4, 2) >> 8) & 0xff
  return frame
}

const LIMIT_MS = 60_000
const bootstrap = process.argv[2]
const kafka = new Kafka({ clientId: 'conformance', brokers: bootstrap.split(','), logLevel: logLevel.NOTHING })
const admin = kafka.admin()
const open = []

const unique = (name) => `kafkajs-${name}-${randomUUID()}`

/** Waits for a condition that messages, which come in by themselves, bring about. */
async function until(condition, what) {
  const deadline = Date.now() + LIMIT_MS
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${LIMIT_MS} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function topic(name, numPartitions = 1, configEntries = []) {
  const topic = unique(name)
  // Its own wait for leaders gives up when the broker does not know the topic yet: Apache Kafka answers before that.
  assert.equal(await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions, configEntries }] }), true)
  await until(() => hasLeaders(topic), `leaders of ${topic}`)
  return topic
}

async function hasLeaders(topic) {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    return topics[0].partitions.every(({ leader }) => leader >= 0)
  } catch (error) {
    if (typed('UNKNOWN_TOPIC_OR_PARTITION')(error)) return false
    throw error
  }
}

/** One of its own for questions about a topic's partitions: the shared one forgets them while another scenario looks up its topic. */
async function ownAdmin() {
  const made = kafka.admin()
  open.push(made)
  await made.connect()
  return made
}

async function producer(options = {}) {
  const made = kafka.producer(options)
  open.push(made)
  await made.connect()
  return made
}

/** A consumer that collects into `messages`; `seen` is called with each. */
async function consumer(topic, { groupId = unique('group'), seen = () => {}, ...options } = {}) {
  const made = kafka.consumer({ groupId, sessionTimeout: 10_000, heartbeatInterval: 200, maxWaitTimeInMs: 50, ...options })
  open.push(made)
  const messages = []
  let assigned = []
  made.on(made.events.GROUP_JOIN, ({ payload }) => (assigned = payload.memberAssignment[topic] ?? []))
  await made.connect()
  await made.subscribe({ topic, fromBeginning: true })
  await made.run({
    eachMessage: async ({ partition, message }) => {
      messages.push({ partition, ...message })
      await seen(message)
    },
  })
  return { consumer: made, groupId, messages, assigned: () => assigned }
}

async function consume(topic, count, options) {
  const reading = await consumer(topic, options)
  await until(() => reading.messages.length >= count, `reading ${count} messages`)
  await reading.consumer.stop()
  return reading.messages
}

const values = (messages) => messages.map((message) => message.value.toString())
const numbers = (count, first = 0) => Array.from({ length: count }, (_, index) => `${first + index}`)
const typed = (type) => (error) => (error.cause ?? error).type === type || error.errors?.[0]?.type === type

const scenarios = {
  async codecs() {
    const name = await topic('codecs')
    const sender = await producer()
    const codecs = [CompressionTypes.None, CompressionTypes.GZIP, CompressionTypes.Snappy, CompressionTypes.LZ4]
    for (const [index, compression] of codecs.entries())
      await sender.send({ topic: name, acks: -1, compression, messages: numbers(300, index * 300).map((value) => ({ value })) })
    assert.deepEqual(values(await consume(name, 1200)), numbers(1200))
  },

  async headersKeysAndTombstones() {
    const name = await topic('headers')
    const headers = { text: 'a', several: ['b', 'c'], binary: Buffer.from([0, 255]), empty: '' }
    await (await producer()).send({
      topic: name,
      messages: [
        { key: 'key', value: 'value', headers },
        { key: 'key', value: null },
        { value: '' },
      ],
    })
    const [first, tombstone, empty] = await consume(name, 3)
    assert.equal(first.key.toString(), 'key')
    assert.deepEqual(first.headers.several.map(String), ['b', 'c'])
    assert.deepEqual([...first.headers.binary], [0, 255])
    assert.equal(String(first.headers.text), 'a')
    assert.equal(tombstone.value, null)
    assert.deepEqual([empty.key, empty.value.length], [null, 0])
  },

  async largeMessages() {
    const name = await topic('large')
    const sender = await producer({ retry: { retries: 0 } })
    const large = 'x'.repeat(1_000_000)
    await sender.send({ topic: name, messages: [{ value: large }] })
    await assert.rejects(sender.send({ topic: name, messages: [{ value: large + large }] }), typed('MESSAGE_TOO_LARGE'))
    assert.equal((await consume(name, 1))[0].value.length, large.length)
  },

  async acknowledgements() {
    const name = await topic('acknowledgements')
    const sender = await producer()
    const send = (acks, value) => sender.send({ topic: name, acks, messages: [{ value }] })
    assert.equal((await send(-1, '0'))[0].baseOffset, '0')
    assert.equal((await send(1, '1'))[0].baseOffset, '1')
    await send(0, '2')
    assert.deepEqual(values(await consume(name, 3)), numbers(3))
  },

  async idempotence() {
    const name = await topic('idempotence')
    const sender = await producer({ idempotent: true, maxInFlightRequests: 1 })
    for (let index = 0; index < 50; index++)
      await sender.send({ topic: name, messages: [{ value: `${2 * index}` }, { value: `${2 * index + 1}` }] })
    const messages = await consume(name, 100)
    assert.deepEqual(values(messages), numbers(100))
    assert.deepEqual(messages.map((message) => message.offset), numbers(100))
  },

  async groupSharesPartitionsWhileProducing() {
    const name = await topic('group', 4)
    const groupId = unique('group')
    const sender = await producer()
    const received = new Set()
    const seen = async (message) => received.add(message.value.toString())
    let sent = 0
    let stop = false
    const sending = (async () => {
      while (!stop) {
        const messages = numbers(4, sent).map((value, partition) => ({ value, partition }))
        await sender.send({ topic: name, messages })
        sent += 4
      }
    })()
    const first = await consumer(name, { groupId, seen })
    await until(() => first.assigned().length === 4, 'all partitions for the first')
    const second = await consumer(name, { groupId, seen })
    await until(() => first.assigned().length === 2 && second.assigned().length === 2, 'two partitions each')
    assert.deepEqual([...first.assigned(), ...second.assigned()].sort(), [0, 1, 2, 3])
    await first.consumer.disconnect()
    await until(() => second.assigned().length === 4, 'all partitions for the second')
    stop = true
    await sending
    await until(() => received.size === sent, `all ${sent} messages`)
    assert.deepEqual([...received].map(Number).sort((a, b) => a - b), numbers(sent).map(Number))
  },

  async groupGoesOnWhereItCommitted() {
    const name = await topic('commit')
    const sender = await producer()
    await sender.send({ topic: name, messages: numbers(10).map((value) => ({ value })) })
    const groupId = unique('group')
    const first = await consumer(name, { groupId })
    await until(() => first.messages.length === 10, 'ten messages')
    await first.consumer.disconnect()
    await sender.send({ topic: name, messages: [{ value: '10' }] })
    assert.deepEqual(values(await consume(name, 1, { groupId })), ['10'])
  },

  async seek() {
    const name = await topic('seek')
    await (await producer()).send({ topic: name, messages: numbers(10).map((value) => ({ value })) })
    const reading = await consumer(name)
    await until(() => reading.messages.length === 10, 'ten messages')
    reading.consumer.seek({ topic: name, partition: 0, offset: '7' })
    await until(() => reading.messages.length === 13, 'three messages again')
    assert.deepEqual(values(reading.messages.slice(10)), ['7', '8', '9'])
  },

  async timestamps() {
    const name = await topic('timestamps')
    // Of today: what is older than the topic keeps may be gone before it is read.
    const start = Date.now() - 3_600_000
    const sender = await producer()
    for (let minute = 0; minute < 5; minute++)
      await sender.send({ topic: name, messages: [{ value: `${minute}`, timestamp: `${start + minute * 60_000}` }] })
    const admin = await ownAdmin()
    const at = async (time) => (await admin.fetchTopicOffsetsByTimestamp(name, time))[0].offset
    assert.equal(await at(start), '0')
    assert.equal(await at(start + 90_000), '2')
    assert.equal(await at(start + 7_200_000), '5')
    assert.equal((await consume(name, 1))[0].timestamp, `${start}`)
  },

  async offsets() {
    const name = await topic('offsets', 2)
    await (await producer()).send({ topic: name, messages: numbers(8).map((value) => ({ value, partition: 0 })) })
    const admin = await ownAdmin()
    const [first] = (await admin.fetchTopicOffsets(name)).sort((a, b) => a.partition - b.partition)
    assert.deepEqual([first.low, first.high], ['0', '8'])
    const groupId = unique('group')
    await admin.setOffsets({ groupId, topic: name, partitions: [{ partition: 0, offset: '5' }] })
    const committed = async () =>
      (await admin.fetchOffsets({ groupId, topics: [name] }))[0].partitions.sort((a, b) => a.partition - b.partition)
    assert.deepEqual((await committed()).map(({ offset }) => offset), ['5', '-1'])
    await admin.resetOffsets({ groupId, topic: name, earliest: true })
    assert.deepEqual(values(await consume(name, 8, { groupId })), numbers(8))
  },

  async topics() {
    const name = await topic('topics', 2)
    assert.equal(await admin.createTopics({ topics: [{ topic: name }] }), false)
    assert.ok((await admin.listTopics()).includes(name))
    await admin.createPartitions({ topicPartitions: [{ topic: name, count: 5 }] })
    const partitions = async () => (await admin.fetchTopicMetadata({ topics: [name] })).topics[0].partitions.length
    await until(async () => (await partitions()) === 5, 'five partitions')
    await assert.rejects(admin.createPartitions({ topicPartitions: [{ topic: name, count: 3 }] }), typed('INVALID_PARTITIONS'))
    await assert.rejects(
      admin.createTopics({ topics: [{ topic: unique('r'), replicationFactor: 7 }] }),
      typed('INVALID_REPLICATION_FACTOR'),
    )
    await assert.rejects(admin.createTopics({ topics: [{ topic: 'no/slash' }] }), typed('INVALID_TOPIC_EXCEPTION'))
    await admin.deleteTopics({ topics: [name] })
    await until(async () => !(await admin.listTopics()).includes(name), 'the deletion')
    const cluster = await admin.describeCluster()
    assert.equal(cluster.brokers.length, 1)
    assert.equal(cluster.controller, cluster.brokers[0].nodeId)
  },

  async configurations() {
    const name = await topic('configurations', 1, [{ name: 'retention.ms', value: '123456' }])
    const resource = { type: ConfigResourceTypes.TOPIC, name }
    const value = async (wanted) => {
      const { resources } = await admin.describeConfigs({ resources: [{ ...resource, configNames: [wanted] }] })
      return resources[0].configEntries.find((entry) => entry.configName === wanted)?.configValue
    }
    await until(async () => (await value('retention.ms')) === '123456', "the topic's own setting")
    await admin.alterConfigs({ resources: [{ ...resource, configEntries: [{ name: 'max.message.bytes', value: '5000' }] }] })
    await until(async () => (await value('max.message.bytes')) === '5000', 'the change')
    assert.equal(await value('retention.ms'), '604800000')
    const nonsense = { ...resource, configEntries: [{ name: 'no.such.setting', value: '1' }] }
    await assert.rejects(admin.alterConfigs({ resources: [nonsense] }), typed('INVALID_CONFIG'))
  },

  async deletedRecords() {
    const name = await topic('records')
    await (await producer()).send({ topic: name, messages: numbers(10).map((value) => ({ value })) })
    const admin = await ownAdmin()
    // The admin client asks a partition's leader, and looks for it only in what it knows already.
    await admin.fetchTopicOffsets(name)
    await admin.deleteTopicRecords({ topic: name, partitions: [{ partition: 0, offset: '6' }] })
    assert.equal((await admin.fetchTopicOffsets(name))[0].low, '6')
    assert.deepEqual(values(await consume(name, 4)), numbers(4, 6))
  },

  async groups() {
    const name = await topic('groups')
    const { groupId, consumer: member, assigned } = await consumer(name)
    await until(() => assigned().length === 1, 'the assignment')
    const [described] = (await admin.describeGroups([groupId])).groups
    assert.deepEqual([described.state, described.protocolType, described.protocol], ['Stable', 'consumer', 'RoundRobinAssigner'])
    const assignment = AssignerProtocol.MemberAssignment.decode(described.members[0].memberAssignment)
    assert.deepEqual(assignment.assignment[name], [0])
    assert.ok((await admin.listGroups()).groups.some((group) => group.groupId === groupId))
    await assert.rejects(admin.deleteGroups([groupId]), (error) => error.groups[0].errorCode === 68)
    await member.disconnect()
    assert.equal((await admin.deleteGroups([groupId]))[0].errorCode, 0)
    await assert.rejects(admin.deleteGroups([groupId]), (error) => error.groups[0].errorCode === 69)
    assert.equal((await admin.describeGroups([groupId])).groups[0].state, 'Dead')
  },
}

const transactional = (id) => ({ idempotent: true, maxInFlightRequests: 1, transactionalId: id, retry: { retries: 2 } })

const transactionScenarios = {
  async commitAndAbort() {
    const name = await topic('transactions')
    const sender = await producer(transactional(unique('id')))
    for (const [index, end] of ['commit', 'abort', 'commit'].entries()) {
      const transaction = await sender.transaction()
      await transaction.send({ topic: name, messages: numbers(5, index * 5).map((value) => ({ value })) })
      await transaction[end]()
    }
    const committed = [...numbers(5), ...numbers(5, 10)]
    assert.deepEqual(values(await consume(name, 10)), committed)
    assert.deepEqual(values(await consume(name, 15, { readUncommitted: true })), numbers(15))
  },

  async offsetsInATransaction() {
    const name = await topic('offsets-in-transaction')
    const groupId = unique('group')
    const sender = await producer(transactional(unique('id')))
    const committed = async () => (await admin.fetchOffsets({ groupId, topics: [name] }))[0].partitions[0].offset
    const sendOffset = async (offset, end) => {
      const transaction = await sender.transaction()
      await transaction.send({ topic: name, messages: [{ value: offset }] })
      await transaction.sendOffsets({ consumerGroupId: groupId, topics: [{ topic: name, partitions: [{ partition: 0, offset }] }] })
      await transaction[end]()
    }
    await sendOffset('3', 'commit')
    await until(async () => (await committed()) === '3', 'the committed offset')
    await sendOffset('9', 'abort')
    assert.equal(await committed(), '3')
  },

  async fencing() {
    const name = await topic('fencing')
    const id = unique('id')
    const zombie = await producer(transactional(id))
    const begun = await zombie.transaction()
    await begun.send({ topic: name, messages: [{ value: 'lost' }] })
    const transaction = await (await producer(transactional(id))).transaction()
    await assert.rejects(begun.send({ topic: name, messages: [{ value: 'late' }] }))
    await assert.rejects(begun.commit())
    await transaction.send({ topic: name, messages: [{ value: 'kept' }] })
    await transaction.commit()
    assert.deepEqual(values(await consume(name, 1)), ['kept'])
  },
}

async function main() {
  await admin.connect()
  const chosen = process.argv.includes('--transactions') ? transactionScenarios : scenarios
  await Promise.all(
    Object.entries(chosen).map(async ([name, scenario]) => {
      try {
        await scenario()
        console.log(`ok ${name}`)
      } catch (error) {
        console.log(`failed ${name}: ${String(error.stack ?? error).replaceAll('\n', ' | ')}`)
      }
    }),
  )
  await Promise.all(open.map((client) => client.disconnect().catch(() => {})))
  await admin.disconnect()
}

main().then(() => process.exit(0))
