using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NanoBanana.Lab.Machines;

/// <summary>Listens in a named network namespace (ip-netns(8)) that this process is not part of.</summary>
internal static partial class NetworkNamespace
{
    private const int NewNet = 0x40000000;

    /// <summary>Listens at the loopback address of a namespace. A socket stays in the namespace of its creation: setns(2).</summary>
    public static Socket Listen(string name, int port)
    {
        Socket? socket = null;
        Exception? error = null;
        // Use a new thread, because a thread of the pool must not change its namespace.
        var thread = new Thread(() =>
        {
            try
            {
                using SafeFileHandle handle = File.OpenHandle($"/run/netns/{name}");
                if (SetNamespace(handle.DangerousGetHandle().ToInt32(), NewNet) != 0)
                    throw new Win32Exception();
                socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                socket.Listen();
            }
            catch (Exception e) when (e is Win32Exception or IOException or SocketException)
            {
                error = e;
            }
        });
        thread.Start();
        thread.Join();
        return error is null ? socket! : throw new LabException($"Can't listen in the network of {name}: {error.Message}");
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);
}
