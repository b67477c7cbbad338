BeforeDiscovery {
    $script:commands = @(
        'Backup-NanoBananaJournal'
        'Connect-NanoBanana'
        'Copy-NanoBananaJournal'
        'Disconnect-NanoBanana'
        'Export-NanoBananaGallery'
        'Get-NanoBananaBatch'
        'Get-NanoBananaConnection'
        'Get-NanoBananaEmulator'
        'Get-NanoBananaTask'
        'New-NanoBananaImage'
        'Remove-NanoBananaTask'
        'Resolve-NanoBananaTask'
        'Save-NanoBananaImage'
        'Show-NanoBananaImage'
        'Start-NanoBananaEmulator'
        'Stop-NanoBananaBatch'
        'Stop-NanoBananaEmulator'
        'Stop-NanoBananaTask'
        'Test-NanoBananaConnection'
        'Wait-NanoBananaTask'
    )
}

Describe 'The module' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Manifest = Test-ModuleManifest -Path "$ModulePath/NanoBanana.psd1"
        $script:Module = Get-Module -Name NanoBanana
    }

    Context 'manifest' {
        It 'is valid and has all fields that the gallery requires' {
            $Manifest.Version | Should -BeGreaterOrEqual ([version]'0.1.0')
            $Manifest.Guid | Should -Not -Be ([guid]::Empty)
            $Manifest.Author, $Manifest.Description, $Manifest.Copyright, $Manifest.CompanyName | Should -Not -BeNullOrEmpty
            "$ModulePath/LICENSE" | Should -Exist
            $Manifest.CompatiblePSEditions | Should -Be 'Core', 'Desktop'
            $Manifest.PowerShellVersion | Should -Be '5.1'
        }

        It 'has tags without spaces' {
            $Manifest.Tags | Should -Not -BeNullOrEmpty
            $Manifest.Tags | Should -Not -Match '\s'
        }

        It 'exports by name, so that PowerShell does not load the module to find a command' {
            $text = Get-Content -LiteralPath "$ModulePath/NanoBanana.psd1" -Raw
            [regex]::Matches($text, "ToExport[^=\n]*=[^\n]*\*") | Should -BeNullOrEmpty
        }

        It 'loads the views with the first command and not with the import' {
            $run = Invoke-Unattended @'
$before = @(Get-FormatData -TypeName NanoBanana.*).Count
Get-NanoBananaConnection
$data = @(Get-FormatData -TypeName NanoBanana.*).Count, @(Get-TypeData -TypeName NanoBanana.*).Count
Remove-Module -Name NanoBanana
$after = @(Get-FormatData -TypeName NanoBanana.*).Count + @(Get-TypeData -TypeName NanoBanana.*).Count
"$before, then $($data[0] -gt 0) and $($data[1] -gt 0), then $after"
'@
            $run.Output | Should -Be '0, then True and True, then 0'
        }

        It 'contains no part of PowerShell, its SDK or Pester' {
            Get-ChildItem -LiteralPath $ModulePath -Recurse -File |
                Where-Object Name -Match '^(pwsh|System\.Management\.Automation|Microsoft\.(PowerShell|WSMan|Management)|Pester)' |
                Should -BeNullOrEmpty
        }

        It 'loads the build for this edition' {
            $Module.Path | Should -Be ([System.IO.Path]::Combine($ModulePath, 'lib', 'Core', 'NanoBanana.dll'))
        }
    }

    Context 'commands' {
        It 'are the documented ones' -ForEach @{ Names = $commands } {
            $Module.ExportedCommands.Keys | Sort-Object | Should -Be ($Names | Sort-Object)
            $Manifest.ExportedCmdlets.Keys | Sort-Object | Should -Be ($Names | Sort-Object)
        }

        It 'are the only exports' {
            $Module.ExportedFunctions.Count + $Module.ExportedAliases.Count + $Module.ExportedVariables.Count | Should -Be 0
        }

        It 'have approved verbs' {
            $Module.ExportedCmdlets.Values.Verb | Where-Object { $_ -notin (Get-Verb).Verb } | Should -BeNullOrEmpty
        }

        It '<_> has its own test file' -ForEach $commands {
            "$PSScriptRoot/$_.Tests.ps1" | Should -Exist
        }

        It '<_> has distinct parameter sets' -ForEach $commands {
            $command = Get-Command -Name $_
            $syntax = @(Get-Command -Name $_ -Syntax | Out-String) -split '\r?\n' -ne ''
            $syntax | Should -HaveCount $command.ParameterSets.Count
            $syntax | Sort-Object -Unique | Should -HaveCount $command.ParameterSets.Count
            if ($command.ParameterSets.Count -gt 1) {
                $command.DefaultParameterSet | Should -BeIn $command.ParameterSets.Name
            }
        }

        It '<_> has parameters with full words and specific types' -ForEach $commands {
            $common = [System.Management.Automation.PSCmdlet]::CommonParameters
            $common += [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
            foreach ($parameter in (Get-Command -Name $_).Parameters.Values | Where-Object -Property Name -NotIn $common) {
                $parameter.Name | Should -MatchExactly '^([A-Z][a-z]+)+$'
                $parameter.ParameterType | Should -Not -Be ([object])
            }
        }

        It '<_> declares its output type' -ForEach ($commands | Where-Object {
                $_ -notin 'Disconnect-NanoBanana', 'Remove-NanoBananaTask', 'Stop-NanoBananaEmulator' }) {
            (Get-Command -Name $_).OutputType | Should -Not -BeNullOrEmpty
        }

        It '<_> has -Connection, because it sends requests' -ForEach 'New-NanoBananaImage', 'Get-NanoBananaTask', 'Wait-NanoBananaTask',
            'Save-NanoBananaImage', 'Stop-NanoBananaTask' {
            (Get-Command -Name $_).Parameters['Connection'].ParameterType | Should -Be ([NanoBanana.NanoBananaConnection])
        }

        It '<_> supports -WhatIf and -Confirm, because it changes something' -ForEach @(
            'Export-NanoBananaGallery', 'New-NanoBananaImage', 'Save-NanoBananaImage', 'Start-NanoBananaEmulator', 'Stop-NanoBananaBatch',
            'Stop-NanoBananaEmulator', 'Stop-NanoBananaTask'
        ) {
            (Get-Command -Name $_).Parameters.Keys | Should -Contain 'WhatIf'
        }
    }

    Context 'types' {
        It 'are found by name after the import' {
            $run = Invoke-Unattended '[NanoBanana.ImageTask].FullName; [NanoBanana.NanoBananaConnection].FullName'
            $run.Output | Should -Be 'NanoBanana.ImageTask', 'NanoBanana.NanoBananaConnection'
        }

        It 'are in the only assemblies of the default load context' {
            # After some work, all required assemblies are loaded.
            $null = Connect-TestEmulator
            'a fox' | New-NanoBananaImage -Wait | Should -HaveCount 1
            Stop-NanoBananaEmulator
            Disconnect-NanoBanana
            $lib = Join-Path $ModulePath 'lib'
            [System.Runtime.Loader.AssemblyLoadContext]::Default.Assemblies |
                Where-Object { -not $_.IsDynamic -and $_.Location.StartsWith($lib) } |
                ForEach-Object { $_.GetName().Name } | Sort-Object |
                Should -Be 'NanoBanana', 'NanoBanana.Emulator', 'NanoBanana.Models'
        }
    }

    Context 'build for Windows PowerShell' {
        It 'shows its public types before its assembly resolver is set' {
            # In Windows PowerShell, only the module's own folder exists.
            $folder = New-Item -ItemType Directory -Path (Join-Path $TestDrive 'desktop')
            Copy-Item -Path "$ModulePath/lib/Desktop/*.dll" -Destination $folder
            $job = Start-Job -ArgumentList "$folder" -ScriptBlock {
                param($Folder)
                $null = [System.Reflection.Assembly]::LoadFrom("$Folder/NanoBanana.Models.dll")
                [System.Reflection.Assembly]::LoadFrom("$Folder/NanoBanana.dll").GetExportedTypes().Name
            }
            $job | Receive-Job -Wait -AutoRemoveJob | Should -Contain 'NewNanoBananaImageCommand'
        }

        It 'has ASCII scripts or scripts with a byte order mark' {
            Get-ChildItem -LiteralPath $ModulePath -Recurse -Include *.ps1, *.psm1, *.psd1 | ForEach-Object {
                $bytes = [System.IO.File]::ReadAllBytes($_.FullName)
                $hasMark = $bytes[0] -eq 0xEF -and $bytes[1] -eq 0xBB -and $bytes[2] -eq 0xBF
                $hasMark -or -not ($bytes -gt 127) | Should -BeTrue -Because $_.Name
            }
        }
    }

    Context 'removal' {
        BeforeAll {
            # A separate process, because the other tests use the module of this one.
            function Invoke-Alone([string] $Script) {
                $pwsh = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')
                $bytes = [System.Text.Encoding]::Unicode.GetBytes("`$ModulePath = '$ModulePath'; $Script")
                & $pwsh -NoProfile -NonInteractive -OutputFormat Text -EncodedCommand ([convert]::ToBase64String($bytes))
            }
        }

        It 'leaves no command, alias, variable, drive, event or listening port, and the module can be imported again' {
            $result = Invoke-Alone @'
function Get-State {
    @(
        (Get-Command -CommandType Cmdlet, Function, Alias -ListImported).Name
        (Get-Variable -Scope Global).Name
        (Get-PSDrive).Name
        (Get-EventSubscriber).SourceIdentifier
        (Get-TypeData).TypeName
        (Get-FormatData).TypeNames
    )
}
$null = Get-State
$before = Get-State
$leftovers = foreach ($round in 1..3) {
    Import-Module -Name $ModulePath
    $emulator = Start-NanoBananaEmulator -TimeScale 0
    $emulator | Connect-NanoBanana
    if ('a fox' | New-NanoBananaImage -Wait) { "made $round" }
    Remove-Module -Name NanoBanana
    $socket = [System.Net.Sockets.TcpClient]::new()
    try { $socket.Connect($emulator.Endpoint.Host, $emulator.Endpoint.Port); 'The port still listens.' } catch { }
    Remove-Variable -Name emulator, socket, round -ErrorAction Ignore
}
$leftovers
Remove-Variable -Name leftovers -ErrorAction Ignore
$known = $before + 'before'
Get-State | Where-Object { $_ -notin $known -and $_ -notin '_', 'PSItem', 'known' }
Import-Module -Name $ModulePath
if (Get-NanoBananaConnection) { 'A connection is left.' }
'end'
'@
            $result | Should -Be 'made 1', 'made 2', 'made 3', 'end'
        }

        It 'does not prevent automatic loading of an installed module' {
            $result = Invoke-Alone @'
$env:PSModulePath = [System.IO.Path]::GetDirectoryName($ModulePath) + [System.IO.Path]::PathSeparator + $env:PSModulePath
Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana
(New-NanoBananaImage 'a fox' -Wait).Status
'@
            $result | Should -Be 'Completed'
        }

        It 'does not delay the end of the process while a task is running' {
            $result = Invoke-Alone @'
Import-Module -Name $ModulePath
Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana
(New-NanoBananaImage 'a fox [hold]').Prompt
'@
            $result | Should -Be 'a fox [hold]'
        }
    }
}
