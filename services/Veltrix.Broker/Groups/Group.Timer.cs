namespace Veltrix.Broker.Groups;

/// <summary>What happens when somebody is not heard of in time.</summary>
internal sealed partial class Group
{
    private void OnTimer()
    {
        lock (_gate)
        {
            if (State == GroupState.Dead)
                return;
            _timerDue = DateTimeOffset.MaxValue;
            var now = Now;
            foreach (var id in _pending.Where(pair => pair.Value <= now).Select(pair => pair.Key).ToList())
                _pending.Remove(id);
            foreach (
                var member in _members.Values.Where(member => !member.IsWaiting && member.Deadline <= now).ToList()
            )
                RemoveIfPresent(member);
            if (State == GroupState.PreparingRebalance && _rebalanceDeadline <= now)
                CompleteJoin();
            else if (State == GroupState.CompletingRebalance && _rebalanceDeadline <= now)
                RemoveUnsynced();
            else
                CompleteJoinIfReady();
            Schedule();
        }
    }

    /// <summary>Members that joined but never asked for their assignment hold up everybody else.</summary>
    private void RemoveUnsynced()
    {
        foreach (var member in _members.Values.Where(member => member.Sync is null).ToList())
            RemoveIfPresent(member);
    }

    /// <summary>Removing one member can end a rebalance, and that removes others.</summary>
    private void RemoveIfPresent(GroupMember member)
    {
        if (_members.ContainsKey(member.Id))
            Remove(member);
    }

    /// <summary>
    /// Sets the timer for the next deadline if that comes earlier than it is set for. Deadlines that move away, as with
    /// every heartbeat, cost nothing: the timer finds out when it fires.
    /// </summary>
    private void Schedule()
    {
        var due = State is GroupState.PreparingRebalance or GroupState.CompletingRebalance
            ? _rebalanceDeadline
            : DateTimeOffset.MaxValue;
        foreach (var deadline in _pending.Values)
            due = Earlier(due, deadline);
        foreach (var member in _members.Values)
        {
            if (!member.IsWaiting)
                due = Earlier(due, member.Deadline);
        }
        if (due >= _timerDue)
            return;
        _timerDue = due;
        var wait = due - Now;
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
