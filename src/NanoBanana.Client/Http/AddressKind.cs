using System.Net;
using System.Net.Sockets;

namespace NanoBanana.Client.Http;

/// <summary>The kind of network that an IP address belongs to. A link from an untrusted source must not select an internal one.</summary>
internal enum AddressKind
{
    /// <summary>The Internet.</summary>
    Public,

    /// <summary>This machine: 127.0.0.0/8 and ::1, and also 0.0.0.0/8 and ::, which systems treat in the same way.</summary>
    Loopback,

    /// <summary>A private network: RFC 1918, RFC 4193 (ULA), RFC 6598 (100.64.0.0/10), site-local IPv6.</summary>
    Private,

    /// <summary>The local link, which includes the metadata service of a cloud: 169.254.0.0/16, fe80::/10.</summary>
    LinkLocal,

    /// <summary>Not a single host of the Internet: multicast, broadcast, reserved and test networks.</summary>
    Reserved,
}

/// <summary>Finds the kind of an address. See the registries of special-purpose addresses (RFC 6890).</summary>
internal static class AddressKinds
{
    public static AddressKind Of(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => OfV4(bytes, 0),
            AddressFamily.InterNetworkV6 => OfV6(bytes),
            _ => AddressKind.Reserved,
        };
    }

    private static AddressKind OfV4(byte[] bytes, int at) => (bytes[at], bytes[at + 1], bytes[at + 2]) switch
    {
        (0 or 127, _, _) => AddressKind.Loopback,
        (10, _, _) or (172, >= 16 and <= 31, _) or (192, 168, _) or (100, >= 64 and <= 127, _) => AddressKind.Private,
        (169, 254, _) => AddressKind.LinkLocal,
        (>= 224, _, _) or (192, 0, 0 or 2) or (198, 18 or 19, _) or (198, 51, 100) or (203, 0, 113) => AddressKind.Reserved,
        _ => AddressKind.Public,
    };

    private static AddressKind OfV6(byte[] b)
    {
        bool IsZero(int from, int to) => b.Skip(from).Take(to - from).All(x => x == 0);
        if (IsZero(0, 15) && b[15] <= 1)
            return AddressKind.Loopback;
        // An IPv4 address inside an IPv6 address: mapped, compatible, NAT64 (RFC 6052, 8215), 6to4 (RFC 3056).
        if ((IsZero(0, 10) && ((b[10] == 0xFF && b[11] == 0xFF) || IsZero(10, 12)))
            || (IsZero(0, 8) && b[8] == 0xFF && b[9] == 0xFF && IsZero(10, 12)))
            return OfV4(b, 12);
        if (b[0] == 0 && b[1] == 0x64 && b[2] == 0xFF && b[3] == 0x9B)
            return OfV4(b, 12);
        if (b[0] == 0x20 && b[1] == 0x02)
            return OfV4(b, 2);
        if ((b[0] & 0xFE) == 0xFC || (b[0] == 0xFE && (b[1] & 0xC0) == 0xC0))
            return AddressKind.Private;
        if (b[0] == 0xFE && (b[1] & 0xC0) == 0x80)
            return AddressKind.LinkLocal;
        // Teredo also contains an IPv4 address (RFC 4380). 2001:db8::/32 is for documentation.
        bool isReserved = b[0] == 0xFF || (b[0] == 0x20 && b[1] == 0x01 && ((b[2] == 0 && b[3] == 0) || (b[2] == 0x0D && b[3] == 0xB8)));
        return isReserved ? AddressKind.Reserved : AddressKind.Public;
    }
}
