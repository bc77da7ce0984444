namespace Veltrix.Events;

/// <summary>
/// Every error that Veltrix answers or logs, in one place. <c>docs/errors.md</c> is generated from it.
/// 1xxx: ingest. 2xxx: configuration. 3xxx: processing. 4xxx: the command line, without an HTTP status.
/// 9xxx: any service.
/// </summary>
public static class ErrorCatalogue
{
    /// <summary>The body or one event of a batch is not JSON.</summary>
    public static readonly Error MalformedJson = new(
        "VX-1001",
        400,
        "The body is not valid JSON",
        "The request body, or one event of a batch, could not be parsed as JSON.",
        "Send RFC 8259 JSON in UTF-8; the detail names the byte where reading stopped."
    );

    /// <summary>A required CloudEvents attribute is absent or empty.</summary>
    public static readonly Error MissingAttribute = new(
        "VX-1002",
        400,
        "A required CloudEvents attribute is missing",
        "CloudEvents 1.0 requires id, source, specversion and type, each a non-empty string.",
        "Add the attribute that the detail names."
    );

    /// <summary>A CloudEvents attribute has a value that its type does not allow.</summary>
    public static readonly Error InvalidAttribute = new(
        "VX-1003",
        400,
        "A CloudEvents attribute is not valid",
        "An attribute has a value that CloudEvents 1.0 does not allow, for instance a time that is not RFC 3339.",
        "Correct the attribute that the detail names."
    );

    /// <summary>The content type is none that ingest understands.</summary>
    public static readonly Error UnsupportedContentType = new(
        "VX-1004",
        415,
        "The content type is not supported",
        "Events are taken as application/cloudevents+json or application/cloudevents-batch+json.",
        "Set the Content-Type header to one of these."
    );

    /// <summary>The request body is larger than the configuration allows.</summary>
    public static readonly Error BodyTooLarge = new(
        "VX-1005",
        413,
        "The request body is too large",
        "The body exceeds ingest.maximumBodyBytes of the configuration.",
        "Send smaller batches, or raise the limit after the doctor agrees."
    );

    /// <summary>One event is larger than the configuration allows.</summary>
    public static readonly Error EventTooLarge = new(
        "VX-1006",
        413,
        "The event is too large",
        "The event exceeds ingest.maximumEventBytes of the configuration.",
        "Put large payloads elsewhere and send a reference, or raise the limit."
    );

    /// <summary>A batch has more events than the configuration allows.</summary>
    public static readonly Error BatchTooLarge = new(
        "VX-1007",
        413,
        "The batch has too many events",
        "The batch exceeds ingest.maximumBatchEvents of the configuration.",
        "Split the batch."
    );

    /// <summary>No event type of the configuration matches.</summary>
    public static readonly Error UnknownEventType = new(
        "VX-1008",
        422,
        "The event type is not known",
        "No entry of eventTypes in the current configuration matches the event's type.",
        "Correct the type, or publish a configuration that routes it to a topic."
    );

    /// <summary>Kafka did not acknowledge in time.</summary>
    public static readonly Error BrokerUnavailable = new(
        "VX-1009",
        503,
        "The event log did not acknowledge",
        "Kafka could not be reached or did not acknowledge within the delivery timeout. The event may or may not be stored.",
        "Send the same event again after Retry-After; effects are applied once per (source, id)."
    );

    /// <summary>More bytes are in flight than the node may hold.</summary>
    public static readonly Error Overloaded = new(
        "VX-1010",
        429,
        "Too many bytes in flight",
        "The node holds ingest.maximumBytesInFlight bytes that Kafka has not acknowledged yet.",
        "Send again after Retry-After, or add ingest replicas."
    );

    /// <summary>The body arrives more slowly than the server waits.</summary>
    public static readonly Error BodyTooSlow = new(
        "VX-1011",
        408,
        "The request body came too slowly",
        "The body arrived below the server's least data rate, or not at all.",
        "Send the request again over a better connection, or in smaller batches; nothing was stored."
    );

    /// <summary>The body ended before it was complete.</summary>
    public static readonly Error IncompleteBody = new(
        "VX-1012",
        400,
        "The request body is incomplete",
        "The body ended before its announced length, or its chunks are broken.",
        "Send the whole body; nothing was stored."
    );

    /// <summary>The configuration document is not acceptable.</summary>
    public static readonly Error InvalidConfiguration = new(
        "VX-2001",
        422,
        "The configuration is not valid",
        "The document has the wrong shape or values outside their range; errors lists each with its path.",
        "Correct every listed path and publish again."
    );

    /// <summary>Somebody else published first.</summary>
    public static readonly Error StaleVersion = new(
        "VX-2002",
        412,
        "The configuration has moved on",
        "If-Match names a version that is no longer the current one.",
        "Read the current version, apply the change to it and publish with its ETag."
    );

    /// <summary>No such version.</summary>
    public static readonly Error UnknownVersion = new(
        "VX-2003",
        404,
        "The configuration version does not exist",
        "No version with this number was ever published.",
        "List the history for the numbers that exist."
    );

    /// <summary>A publication needs a reason.</summary>
    public static readonly Error MissingReason = new(
        "VX-2004",
        422,
        "A reason is required",
        "Every configuration version carries the reason for which it was published.",
        "Add a reason of 1 to 500 characters."
    );

    /// <summary>The configuration store is away.</summary>
    public static readonly Error StoreUnavailable = new(
        "VX-2005",
        503,
        "The store is unavailable",
        "PostgreSQL could not be reached or refused the statement.",
        "Send again after Retry-After; nothing was stored."
    );

    /// <summary>A request to the configuration service is malformed.</summary>
    public static readonly Error InvalidRequest = new(
        "VX-2006",
        400,
        "The request is not valid",
        "The request body or a parameter could not be read.",
        "Correct what the detail names."
    );

    /// <summary>The body of a request to the configuration service is too large.</summary>
    public static readonly Error RequestTooLarge = new(
        "VX-2007",
        413,
        "The request body is too large",
        "A publication or a proposal has at most 1 MiB, a node report at most 16 KiB.",
        "Send a smaller document."
    );

    /// <summary>Too many watchers.</summary>
    public static readonly Error TooManyWatchers = new(
        "VX-2008",
        503,
        "Too many watchers",
        "The replica of the configuration service already serves its largest number of watchers.",
        "Try again after Retry-After, or add a replica of the configuration service."
    );

    /// <summary>Publications are stopped.</summary>
    public static readonly Error PublicationsFrozen = new(
        "VX-2020",
        409,
        "Publications are frozen",
        "An operator stopped all publications; the detail says who, when and why.",
        "Wait, or unfreeze with a reason."
    );

    /// <summary>A publication would change what an operator pinned.</summary>
    public static readonly Error PinnedPathChanged = new(
        "VX-2021",
        409,
        "A pinned path would change",
        "The document differs from the current version at a path that is pinned; paths lists them.",
        "Leave these paths as they are, or release the pins with a reason."
    );

    /// <summary>Four eyes are required, and only two have seen it.</summary>
    public static readonly Error ApprovalRequired = new(
        "VX-2022",
        409,
        "Another key has to approve",
        "Four eyes are required: a version is published only from a proposal that another key than its author's approved.",
        "Propose the document and have it approved with another operator key."
    );

    /// <summary>The approver is the author, or whoever asked.</summary>
    public static readonly Error OwnApproval = new(
        "VX-2023",
        403,
        "The author cannot approve",
        "Four eyes are required, and the key that approves is the one that proposed, or that asked to require them no longer.",
        "Approve with another operator key."
    );

    /// <summary>No such proposal.</summary>
    public static readonly Error UnknownProposal = new(
        "VX-2024",
        404,
        "The proposal does not exist",
        "No proposal has this number.",
        "List the proposals for the numbers that exist."
    );

    /// <summary>The proposal is done with.</summary>
    public static readonly Error ProposalClosed = new(
        "VX-2025",
        409,
        "The proposal is closed",
        "The proposal was published or withdrawn already.",
        "Propose again."
    );

    /// <summary>Nothing is at the path.</summary>
    public static readonly Error UnknownPath = new(
        "VX-2026",
        422,
        "The path does not exist",
        "The current version has nothing at the path that was to be pinned.",
        "Use a path as differences write it, for instance $.clusters['kafka'].topics['hunts'].partitions."
    );

    /// <summary>The path has no pin.</summary>
    public static readonly Error NotPinned = new(
        "VX-2027",
        404,
        "The path is not pinned",
        "No pin has exactly this path.",
        "Read the policy for the pins that exist."
    );

    /// <summary>Too many proposals wait.</summary>
    public static readonly Error TooManyProposals = new(
        "VX-2028",
        409,
        "Too many proposals are waiting",
        "The service keeps a limited number of proposals that are neither published nor withdrawn.",
        "Publish or withdraw some of them."
    );

    /// <summary>A stored document has another shape than this release reads.</summary>
    public static readonly Error UnreadableDocument = new(
        "VX-2029",
        500,
        "A stored document cannot be read",
        "The document of a version or a proposal has a shape that this release does not know: another release wrote it, or somebody changed it in the database.",
        "Verify the history; export the version's document, which is answered as it is stored, correct it and propose it."
    );

    /// <summary>The doctor found that the configuration would lose events or overrun a machine.</summary>
    public static readonly Error RefusedByDoctor = new(
        "VX-2030",
        422,
        "The doctor refuses the configuration",
        "Published like this it would lose events, break their order or overrun a machine; findings says where, why in numbers, and what removes each.",
        "Apply the fixes of the findings of severity error, or run veltrix doctor --fix on the document, and propose again."
    );

    /// <summary>The doctor warns of something that nobody knew who gave a reason so far.</summary>
    public static readonly Error UnexplainedWarning = new(
        "VX-2034",
        422,
        "New warnings need a reason",
        "Since the proposal was made or approved, the doctor has come to warn of something else; findings says of what. The reason that was given then does not cover it.",
        "Read the findings, and approve or publish with a reason of your own."
    );

    /// <summary>What takes effect at once has to name the version that it follows.</summary>
    public static readonly Error PreconditionRequired = new(
        "VX-2035",
        428,
        "If-Match is required",
        "The request would take effect at once and does not say which version it follows; it could overwrite one that nobody has looked at.",
        "Send If-Match with the ETag of the version that the change was made from, or If-Match: * to overwrite whatever is in force."
    );

    /// <summary>A rollout is under way.</summary>
    public static readonly Error RolloutActive = new(
        "VX-2031",
        409,
        "A rollout is active",
        "While a rollout tries a version, no other version is published.",
        "Wait for its end, or abort it."
    );

    /// <summary>There is no rollout with this number.</summary>
    public static readonly Error UnknownRollout = new(
        "VX-2032",
        404,
        "The rollout does not exist",
        "No rollout has this number.",
        "List the rollouts to see which exist."
    );

    /// <summary>The rollout's state does not allow what was asked for.</summary>
    public static readonly Error RolloutNotInState = new(
        "VX-2033",
        409,
        "The rollout's state does not allow this",
        "Only an active rollout can be paused or aborted, and only a paused one resumed.",
        "Read the rollout to see its state."
    );

    /// <summary>The node is none that reports, or did lately.</summary>
    public static readonly Error UnknownNode = new(
        "VX-2040",
        404,
        "The node is not known",
        "No node with this name has reported within ten minutes.",
        "List the fleet for the names; what a node did before is in its history."
    );

    /// <summary>A handler cannot use the event's data.</summary>
    public static readonly Error UnusableData = new(
        "VX-3001",
        422,
        "The event's data cannot be handled",
        "The data does not have the shape that the handler of this event type needs.",
        "Correct the producer, then send the event again with a new id."
    );

    /// <summary>A record is not a CloudEvent in binary mode.</summary>
    public static readonly Error UnreadableRecord = new(
        "VX-3002",
        422,
        "The record is not a CloudEvent",
        "The Kafka record lacks the headers of CloudEvents' Kafka binding in binary mode.",
        "Find the producer that writes to this topic past ingest."
    );

    /// <summary>A workflow refused the event.</summary>
    public static readonly Error WorkflowFault = new(
        "VX-3003",
        422,
        "The workflow could not take the event",
        "The saga has no instance for the event, or its state does not accept it.",
        "See the instance's history; send the events of one workflow in their order."
    );

    /// <summary>An attempt at a batch failed for a reason that passes.</summary>
    public static readonly Error AttemptFailed = new(
        "VX-3004",
        503,
        "An attempt failed and is repeated",
        "PostgreSQL was away or in conflict, or the attempt took longer than processor.handlerTimeoutMilliseconds.",
        "Nothing is lost; when it persists, see the processor's log for the cause, and the doctor for the timeout."
    );

    /// <summary>The command line found no running platform.</summary>
    public static readonly Error PlatformNotFound = new(
        "VX-4001",
        0,
        "The running platform was not found",
        "Neither this directory nor one above it holds .veltrix/resources.json of a running AppHost.",
        "Start the AppHost, name its directory with --platform, or give the addresses by --ingest and --processor."
    );

    /// <summary>The command line found no key.</summary>
    public static readonly Error KeyNotFound = new(
        "VX-4002",
        0,
        "The key cannot be read",
        "The platform's secrets or the file of --key-file could not be read.",
        "Name a file that holds a key with --key-file; the AppHost prints where its keys are."
    );

    /// <summary>The command line cannot read its input.</summary>
    public static readonly Error UnreadableInput = new(
        "VX-4003",
        0,
        "The input cannot be read",
        "The input file could not be opened, or is not what the command reads: one JSON object a line, or a broker's segments.",
        "Look at the detail. Events are newline-delimited JSON, one CloudEvent as an object on each line; segments are named by an offset and end in .log."
    );

    /// <summary>The machine lacks what a command of the command line needs.</summary>
    public static readonly Error MachineLimit = new(
        "VX-4004",
        0,
        "The machine does not allow it",
        "The process may not open as many files as it needs, or another process cannot be looked at.",
        "Raise the limit of open files (ulimit -Hn), simulate fewer nodes, or name a running process of your own."
    );

    /// <summary>No credentials, or unknown ones.</summary>
    public static readonly Error Unauthenticated = new(
        "VX-9001",
        401,
        "A key is required",
        "The request carries no Authorization: Bearer header, or a key that is not known.",
        "Send the ingest or operator key; the AppHost prints where they are kept."
    );

    /// <summary>Known, but not allowed.</summary>
    public static readonly Error Forbidden = new(
        "VX-9002",
        403,
        "The key does not allow this",
        "The key is known but its role may not do this.",
        "Use a key of the role that the detail names."
    );

    /// <summary>Nothing at this address.</summary>
    public static readonly Error NotFound = new(
        "VX-9003",
        404,
        "Not found",
        "Nothing exists at this address.",
        "Check the path against the API description."
    );

    /// <summary>A bug or an unexpected failure.</summary>
    public static readonly Error Internal = new(
        "VX-9004",
        500,
        "Internal error",
        "Something failed that should not have.",
        "Look up the trace id in the logs and report it."
    );

    /// <summary>The node has not seen a configuration yet, or is draining.</summary>
    public static readonly Error NotReady = new(
        "VX-9005",
        503,
        "The node is not ready",
        "The node has not received its first configuration, or is shutting down.",
        "Send again after Retry-After."
    );

    /// <summary>The method is not offered here.</summary>
    public static readonly Error MethodNotAllowed = new(
        "VX-9006",
        405,
        "The method is not allowed",
        "The address exists but does not offer this HTTP method.",
        "Use a method that the Allow header lists."
    );

    /// <summary>Another service could not be asked.</summary>
    public static readonly Error ServiceUnreachable = new(
        "VX-9007",
        503,
        "A service cannot be reached",
        "Another service of the platform could not be connected to, or did not answer in time.",
        "See whether the service that the detail names is running; nothing needs to be done when it is just starting."
    );

    /// <summary>The service does not read this content type.</summary>
    public static readonly Error UnsupportedMediaType = new(
        "VX-9008",
        415,
        "The media type is not supported",
        "The address does not read bodies of this Content-Type.",
        "Send application/json, or the type that the API description names."
    );

    /// <summary>The request is larger than the service reads.</summary>
    public static readonly Error OversizedRequest = new(
        "VX-9009",
        413,
        "The request is too large",
        "The request's body or headers exceed what the service reads.",
        "Send less in one request."
    );

    /// <summary>All entries, in the order of their codes.</summary>
    public static IReadOnlyList<Error> All { get; } =
    [
        .. typeof(ErrorCatalogue)
            .GetFields()
            .Where(field => field.FieldType == typeof(Error))
            .Select(field => (Error)field.GetValue(null)!)
            .OrderBy(error => error.Code, StringComparer.Ordinal),
    ];
}
