// Runs the console host of the SDK, which is pwsh. It sends no telemetry and does not check for updates.
Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
Environment.SetEnvironmentVariable("POWERSHELL_UPDATECHECK", "Off");
return Microsoft.PowerShell.UnmanagedPSEntry.Start(args, args.Length);
