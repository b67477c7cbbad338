using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NanoBanana.Lab.Machines;

/// <summary>A named network namespace (ip-netns(8)), in which this process can listen without being in it.</summary>
internal static partial class NetworkNamespace
{
    private const int NewNet = 0x40000000;

    /// <summary>Listens at the loopback address of a namespace. A socket stays where it was made: setns(2).</summary>
    public static Socket Listen(string name, int port)
    {
        Socket? socket = null;
        Exception? error = null;
        // A thread of its own, which ends there: threads of the pool must not change their place.
        var thread = new Thread(() =>
        {
            try
            {
                using SafeFileHandle place = File.OpenHandle($"/run/netns/{name}");
                if (SetNamespace(place.DangerousGetHandle().ToInt32(), NewNet) != 0)
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
        return error is null ? socket! : throw new LabException($"There is no way into the network of {name}: {error.Message}");
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);
}
