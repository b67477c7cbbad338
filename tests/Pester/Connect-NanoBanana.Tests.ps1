Describe 'Connect-NanoBanana' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Key = 'sk-0123456789-abcdefghij'
    }
    AfterEach {
        Stop-NanoBananaEmulator
        Disconnect-NanoBanana
        $env:NANOBANANA_API_KEY = $null
    }

    Context 'what it emits' {
        It 'is nothing' {
            Connect-NanoBanana -ApiKey $Key | Should -BeNullOrEmpty
        }

        It 'is the connection with -PassThru' {
            $connection = Connect-NanoBanana -ApiKey $Key -PassThru
            $connection | Should -BeOfType ([NanoBanana.NanoBananaConnection])
            $connection.Endpoint | Should -Be 'https://cloud.vtrix.ai/'
            $connection.Protocol | Should -Be 'Generation'
        }

        It 'speaks <Protocol> at <Endpoint>, as that host does, unless it is told otherwise' -ForEach @(
            @{ Endpoint = 'https://cloud.vtrix.ai'; Protocol = 'Generation'; Other = 'Queue' }
            @{ Endpoint = 'https://cloud.seaart.ai'; Protocol = 'Queue'; Other = 'Generation' }
            @{ Endpoint = 'https://odirouter.ai'; Protocol = 'Queue'; Other = 'Generation' }
        ) {
            (Connect-NanoBanana -ApiKey $Key -Endpoint $Endpoint -PassThru).Protocol | Should -Be $Protocol
            (Connect-NanoBanana -ApiKey $Key -Endpoint $Endpoint -Protocol $Other -PassThru).Protocol | Should -Be $Other
        }

        It 'leads to a host of the protocol that is asked for' {
            (Connect-NanoBanana -ApiKey $Key -Protocol Queue -PassThru).Endpoint | Should -Be 'https://cloud.seaart.ai/'
        }

        It 'is remembered for this runspace' {
            $connection = Connect-NanoBanana -ApiKey $Key -PassThru
            Get-NanoBananaConnection | Should -Be $connection
        }

        It 'sends nothing' {
            $emulator = Start-NanoBananaEmulator
            $emulator | Connect-NanoBanana
            $emulator.Counters.ConnectionsAccepted | Should -Be 0
        }
    }

    Context 'where the key comes from' {
        It 'is -ApiKey as text' {
            $connection = Connect-NanoBanana -ApiKey $Key -PassThru
            $connection.KeySource | Should -Be 'Parameter'
            $connection.MaskedKey | Should -Be '…ghij'
        }

        It 'is -ApiKey as a SecureString' {
            $secure = [System.Net.NetworkCredential]::new('', $Key).SecurePassword
            (Connect-NanoBanana -ApiKey $secure -PassThru).MaskedKey | Should -Be '…ghij'
        }

        It 'is the first position' {
            (Connect-NanoBanana $Key -PassThru).KeySource | Should -Be 'Parameter'
        }

        It 'is the environment when nothing else is given' {
            $env:NANOBANANA_API_KEY = $Key
            (Connect-NanoBanana -PassThru).KeySource | Should -Be 'Environment'
        }

        It 'is -ApiKey before the environment' {
            $env:NANOBANANA_API_KEY = 'another-key-of-the-environment'
            (Connect-NanoBanana -ApiKey $Key -PassThru).MaskedKey | Should -Be '…ghij'
        }

        It 'loses the white space that copying leaves around a key' {
            $emulator = Start-NanoBananaEmulator -ApiKey $Key
            Connect-NanoBanana -ApiKey " $Key`n" -Endpoint $emulator.Endpoint
            'a fox' | New-NanoBananaImage | Should -HaveCount 1
        }
    }

    Context 'a key from a vault' {
        AfterEach {
            Remove-Item -Path Function:\Get-Secret -ErrorAction Ignore
        }

        It 'is read with Get-Secret, as text' {
            function global:Get-Secret { param($Name, $Vault) "$Name-from-$($Vault ? $Vault : 'the-default-vault')" }
            $connection = Connect-NanoBanana -SecretName banana -PassThru
            $connection.KeySource | Should -Be 'SecretVault'
            $connection.MaskedKey | Should -Be '…ault'
        }

        It 'is read from the -Vault that is named' {
            function global:Get-Secret { param($Name, $Vault) "$Name-from-$($Vault ? $Vault : 'the-default-vault')" }
            (Connect-NanoBanana -SecretName banana -Vault store -PassThru).MaskedKey | Should -Be '…tore'
        }

        It 'is read as a SecureString, as Get-Secret gives it unless asked otherwise' {
            function global:Get-Secret { [System.Net.NetworkCredential]::new('', 'sk-0123456789-abcdefghij').SecurePassword }
            (Connect-NanoBanana -SecretName banana -PassThru).MaskedKey | Should -Be '…ghij'
        }

        It 'is the password of a credential' {
            function global:Get-Secret { [pscredential]::new('me', [System.Net.NetworkCredential]::new('', 'sk-0123456789-abcdefghij').SecurePassword) }
            (Connect-NanoBanana -SecretName banana -PassThru).MaskedKey | Should -Be '…ghij'
        }

        It 'is missing when <Case>' -ForEach @(
            @{ Case = 'there is no such secret'; Reader = { } }
            @{ Case = 'the vault is locked'; Reader = { throw 'The vault is locked.' } }
            @{ Case = 'the vault writes an error'; Reader = { Write-Error -Message 'No such vault.' } }
            @{ Case = 'the secret is a table'; Reader = { @{ Key = 'value' } } }
        ) {
            Set-Item -Path Function:\global:Get-Secret -Value $Reader
            { Connect-NanoBanana -SecretName banana } | Should -Throw -ErrorId 'ApiKeyMissing,NanoBanana.Commands.ConnectNanoBananaCommand'
            Get-NanoBananaConnection | Should -BeNullOrEmpty
        }

        It 'says how to get Get-Secret where it is not installed' {
            # Whoever runs the suite may have the module that Get-Secret is in.
            $modules = $env:PSModulePath
            $env:PSModulePath = Join-Path -Path $TestDrive -ChildPath 'none'
            try {
                { Connect-NanoBanana -SecretName banana } |
                    Should -Throw -ErrorId 'ApiKeyMissing,NanoBanana.Commands.ConnectNanoBananaCommand' -ExpectedMessage '*SecretManagement*'
            }
            finally {
                $env:PSModulePath = $modules
            }
        }
    }

    Context 'what it refuses' {
        It 'is no key at all: <Key>' -ForEach @(
            @{ Key = 'none'; Arguments = @{}; Message = '*NANOBANANA_API_KEY*' }
            @{ Key = 'empty'; Arguments = @{ ApiKey = '' }; Message = '*-ApiKey*SecureString*' }
            @{ Key = 'blank'; Arguments = @{ ApiKey = '  ' }; Message = '*API key*' }
            @{ Key = 'two words'; Arguments = @{ ApiKey = 'two words' }; Message = '*API key*' }
        ) {
            $failure = { Connect-NanoBanana @Arguments } |
                Should -Throw -ErrorId 'ApiKeyMissing,NanoBanana.Commands.ConnectNanoBananaCommand' -PassThru
            $failure.CategoryInfo.Category | Should -Be 'AuthenticationError'
            $failure.Exception.Message | Should -BeLike $Message
            $failure.ErrorDetails.RecommendedAction | Should -BeNullOrEmpty
            $failure.Exception.Message | Should -Not -BeLike '*two words*'
        }

        It 'is the endpoint <Endpoint>' -ForEach @(
            @{ Endpoint = 'host' }
            @{ Endpoint = 'ftp://host/' }
            @{ Endpoint = 'https://user:password@host/' }
            @{ Endpoint = 'https://host/?a=b' }
            @{ Endpoint = 'http://192.0.2.1/' }
        ) {
            { Connect-NanoBanana -ApiKey $Key -Endpoint $Endpoint } |
                Should -Throw -ErrorId 'InvalidRequest,NanoBanana.Commands.ConnectNanoBananaCommand'
            Get-NanoBananaConnection | Should -BeNullOrEmpty
        }

        It 'is a key for another host in the clear, until -AllowUnencryptedAuthentication' {
            Connect-NanoBanana -ApiKey $Key -Endpoint 'http://192.0.2.1/' -AllowUnencryptedAuthentication
            (Get-NanoBananaConnection).Endpoint | Should -Be 'http://192.0.2.1/'
        }

        It 'is a protocol that does not exist' {
            { Connect-NanoBanana -ApiKey $Key -Protocol smoke } |
                Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,NanoBanana.Commands.ConnectNanoBananaCommand'
        }

        It 'is a key and a secret at once' {
            { Connect-NanoBanana -ApiKey $Key -SecretName banana } |
                Should -Throw -ErrorId 'AmbiguousParameterSet,NanoBanana.Commands.ConnectNanoBananaCommand'
        }

        It 'is a key that is not text' {
            { Connect-NanoBanana -ApiKey 5 } |
                Should -Throw -ErrorId 'ApiKeyMissing,NanoBanana.Commands.ConnectNanoBananaCommand'
        }
    }

    Context 'what it keeps' {
        It 'is the proxy, the number of tries and the largest image' {
            $connection = Connect-NanoBanana -ApiKey $Key -Proxy 'http://proxy.example:8080/' -MaximumRetryCount 2 -MaximumImageSize 64MB -PassThru
            $connection.MaximumImageSize | Should -Be 67108864
            $connection.Proxy | Should -Be 'http://proxy.example:8080/'
            $connection.MaximumRetryCount | Should -Be 2
        }

        It 'is the former connection when the new one is refused' {
            $connection = Connect-NanoBanana -ApiKey $Key -PassThru
            { Connect-NanoBanana -ApiKey '' } | Should -Throw
            Get-NanoBananaConnection | Should -Be $connection
        }
    }

    Context 'where the key is never seen' {
        It 'is <Where>' -ForEach @(
            @{ Where = 'JSON'; Show = { $args | ConvertTo-Json -Depth 9 } }
            @{ Where = 'a list'; Show = { $args | Format-List -Property * -Force | Out-String } }
            @{ Where = 'a table'; Show = { $args | Format-Table -AutoSize | Out-String -Width 500 } }
            @{ Where = 'CliXml'; Show = { [System.Management.Automation.PSSerializer]::Serialize($args[0], 9) } }
            @{ Where = 'CSV'; Show = { $args | ConvertTo-Csv } }
            @{ Where = 'text'; Show = { "$args" } }
            @{ Where = 'a custom view of every member'; Show = { $args | Format-Custom -Depth 9 | Out-String } }
        ) {
            $connection = Connect-NanoBanana -ApiKey $Key -PassThru
            $shown = & $Show $connection
            $shown | Should -Not -BeNullOrEmpty
            "$shown" | Should -Not -BeLike "*$Key*"
        }

        It 'is a transcript, with verbose and debug lines, also when the key is refused' {
            $emulator = Start-NanoBananaEmulator -TimeScale 0
            $text = Get-HostText {
                $VerbosePreference = $DebugPreference = 'Continue'
                Connect-NanoBanana -ApiKey $Key -Endpoint $emulator.Endpoint -PassThru
                'a fox' | New-NanoBananaImage
            }
            $text | Should -BeLike '*401*'
            $text | Should -Not -BeLike "*$Key*"
        }

        It 'is the transcript that PowerShell keeps of it all' {
            $emulator = Start-NanoBananaEmulator -TimeScale 0
            $file = Join-Path -Path $TestDrive -ChildPath 'transcript.txt'
            Start-Transcript -Path $file | Out-Null
            try {
                $VerbosePreference = $DebugPreference = 'Continue'
                Connect-NanoBanana -ApiKey $Key -Endpoint $emulator.Endpoint -PassThru | Out-Host
                Get-NanoBananaConnection | ConvertTo-Json | Out-Host
                'a fox' | New-NanoBananaImage -ErrorAction Continue -ErrorVariable failures 2>&1 | Out-Host
                $failures | Format-List -Property * -Force | Out-Host
            }
            finally {
                Stop-Transcript | Out-Null
            }
            $text = Get-Content -LiteralPath $file -Raw
            $text | Should -BeLike '*401*'
            $text | Should -Not -BeLike "*$Key*"
        }

        It 'is $Error' {
            $emulator = Start-NanoBananaEmulator
            Connect-NanoBanana -ApiKey $Key -Endpoint $emulator.Endpoint
            'a fox' | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            $failures | Format-List -Property * -Force | Out-String | Should -Not -BeLike "*$Key*"
        }
    }
}
