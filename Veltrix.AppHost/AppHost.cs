using Veltrix.AppHost;

var builder = DistributedApplication.CreateBuilder(args);

// Who may do what. Each key is generated at the first start and kept; Parameters:NAME sets one of your own.
var ingestKey = builder.AddGeneratedSecret("ingest-key");
var operatorKey = builder.AddGeneratedSecret("operator-key");
var nodeKey = builder.AddGeneratedSecret("node-key");

// Servers. A connection string in the configuration (ConnectionStrings:kafka and so on) puts your own server in the place of one.
var postgres = builder.AddPostgresUnlessExisting("postgres", "configdb", "processingdb");
var configDb = builder.AddExisting("configdb") ?? postgres!.AddDatabase("configdb");
var processingDb = builder.AddExisting("processingdb") ?? postgres!.AddDatabase("processingdb");
var redis = builder.AddExisting("redis") ?? builder.AddRedis("redis", builder.LocalPort(26379)).WithDataVolume();
var kafka = builder.AddExisting("kafka") ?? builder.AddKafka("kafka", builder.LocalPort(29092)).WithDataVolume();

// The single source of truth for every node's configuration.
var config = builder
    .AddProject<Projects.Veltrix_Config>("config")
    .WithReference(configDb)
    .WaitFor(configDb)
    .WithReference(kafka)
    .WithOperatorKeys(operatorKey)
    .WithEnvironment("Keys__Node", nodeKey)
    .WithHttpHealthCheck("/health");

// HTTP -> Kafka.
builder
    .AddProject<Projects.Veltrix_Ingest>("ingest")
    .WithReplicas(2)
    .WithReference(kafka)
    .WaitFor(kafka)
    .WithReference(config)
    .WaitFor(config)
    .WithEnvironment("Keys__Ingest", ingestKey)
    .WithOperatorKeys(operatorKey)
    .WithEnvironment("Keys__Node", nodeKey)
    .WithLastGoodConfiguration()
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health");

// Kafka -> handlers and workflows.
var processor = builder
    .AddProject<Projects.Veltrix_Processor>("processor")
    .WithReplicas(2)
    .WithReference(kafka)
    .WaitFor(kafka)
    .WithReference(processingDb)
    .WaitFor(processingDb)
    .WithReference(redis)
    .WaitFor(redis)
    .WithReference(config)
    .WaitFor(config)
    .WithOperatorKeys(operatorKey)
    .WithEnvironment("Keys__Node", nodeKey)
    .WithLastGoodConfiguration()
    .WithHttpHealthCheck("/health");

// Where operators see and steer.
builder
    .AddProject<Projects.Veltrix_Admin>("admin")
    .WithReference(config)
    .WaitFor(config)
    .WithReference(processor)
    .WaitFor(processor)
    .WithOperatorKeys(operatorKey)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health");

builder.Build().Run();
