namespace Veltrix.Broker.Transactions;

/// <summary>Who asks for something in a transaction.</summary>
/// <param name="TransactionalId">Under which id.</param>
/// <param name="ProducerId">As the id's producer.</param>
/// <param name="Epoch">Which of those that had it one after the other.</param>
internal readonly record struct TransactionalProducer(string TransactionalId, long ProducerId, short Epoch);
