using System.Runtime.InteropServices;

namespace Aspire.Hosting.Orchestration;

/// <summary>The few calls of libc that the framework does not wrap.</summary>
internal static class NativeMethods
{
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>kill(2); a negative id means the whole process group.</summary>
    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static extern int SendSignal(int processId, int signal);

    [DllImport("libc", EntryPoint = "getppid")]
    public static extern int GetParentProcessId();

    [DllImport("libc", EntryPoint = "lchown", SetLastError = true)]
    public static extern int ChangeOwner([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int user, int group);
}
