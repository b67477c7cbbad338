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

    Context 'output' {
        It 'is empty' {
            Connect-NanoBanana -ApiKey $Key | Should -BeNullOrEmpty
        }

        It 'is the connection with -PassThru' {
            $connection = Connect-NanoBanana -ApiKey $Key -PassThru
            $connection | Should -BeOfType ([NanoBanana.NanoBananaConnection])
            $connection.Endpoint | Should -Be 'https://cloud.vtrix.ai/'
            $connection.Protocol | Should -Be 'Generation'
        }

        It 'uses <Protocol> at <Endpoint> unless -Protocol is given' -ForEach @(
            @{ Endpoint = 'https://cloud.vtrix.ai'; Protocol = 'Generation'; Other = 'Queue' }
            @{ Endpoint = 'https://cloud.seaart.ai'; Protocol = 'Queue'; Other = 'Generation' }
            @{ Endpoint = 'https://odirouter.ai'; Protocol = 'Queue'; Other = 'Generation' }
        ) {
            (Connect-NanoBanana -ApiKey $Key -Endpoint $Endpoint -PassThru).Protocol | Should -Be $Protocol
            (Connect-NanoBanana -ApiKey $Key -Endpoint $Endpoint -Protocol $Other -PassThru).Protocol | Should -Be $Other
        }

        It 'uses the host of the given protocol' {
            (Connect-NanoBanana -ApiKey $Key -Protocol Queue -PassThru).Endpoint | Should -Be 'https://cloud.seaart.ai/'
        }

        It 'is stored for this runspace' {
            $connection = Connect-NanoBanana -ApiKey $Key -PassThru
            Get-NanoBananaConnection | Should -Be $connection
        }

        It 'sends nothing' {
            $emulator = Start-NanoBananaEmulator
            $emulator | Connect-NanoBanana
            $emulator.Counters.ConnectionsAccepted | Should -Be 0
        }
    }

    Context 'API key' {
        It 'is -ApiKey as text' {
            $connection = Connect-NanoBanana -ApiKey $Key -PassThru
            $connection.KeySource | Should -Be 'Parameter'
            $connection.MaskedKey | Should -Be '…ghij'
        }

        It 'is -ApiKey as a SecureString' {
            $secure = [System.Net.NetworkCredential]::new('', $Key).SecurePassword
            (Connect-NanoBanana -ApiKey $secure -PassThru).MaskedKey | Should -Be '…ghij'
        }

        It 'is the first positional parameter' {
            (Connect-NanoBanana $Key -PassThru).KeySource | Should -Be 'Parameter'
        }

        It 'is from the environment if no key is given' {
            $env:NANOBANANA_API_KEY = $Key
            (Connect-NanoBanana -PassThru).KeySource | Should -Be 'Environment'
        }

        It 'is -ApiKey if the environment has a key too' {
            $env:NANOBANANA_API_KEY = 'another-key-of-the-environment'
            (Connect-NanoBanana -ApiKey $Key -PassThru).MaskedKey | Should -Be '…ghij'
        }

        It 'is trimmed' {
            $emulator = Start-NanoBananaEmulator -ApiKey $Key
            Connect-NanoBanana -ApiKey " $Key`n" -Endpoint $emulator.Endpoint
            'a fox' | New-NanoBananaImage | Should -HaveCount 1
        }
    }

    Context 'API key from a vault' {
        AfterEach {
            Remove-Item -Path Function:\Get-Secret -ErrorAction Ignore
        }

        It 'is read with Get-Secret, as text' {
            function global:Get-Secret { param($Name, $Vault) "$Name-from-$($Vault ? $Vault : 'the-default-vault')" }
            $connection = Connect-NanoBanana -SecretName banana -PassThru
            $connection.KeySource | Should -Be 'SecretVault'
            $connection.MaskedKey | Should -Be '…ault'
        }

        It 'is read from the given -Vault' {
            function global:Get-Secret { param($Name, $Vault) "$Name-from-$($Vault ? $Vault : 'the-default-vault')" }
            (Connect-NanoBanana -SecretName banana -Vault store -PassThru).MaskedKey | Should -Be '…tore'
        }

        It 'is read as a SecureString, which is the default of Get-Secret' {
            function global:Get-Secret { [System.Net.NetworkCredential]::new('', 'sk-0123456789-abcdefghij').SecurePassword }
            (Connect-NanoBanana -SecretName banana -PassThru).MaskedKey | Should -Be '…ghij'
        }

        It 'is the password of a credential' {
            function global:Get-Secret {
                [pscredential]::new('me', [System.Net.NetworkCredential]::new('', 'sk-0123456789-abcdefghij').SecurePassword)
            }
            (Connect-NanoBanana -SecretName banana -PassThru).MaskedKey | Should -Be '…ghij'
        }

        It 'is missing if <Case>' -ForEach @(
            @{ Case = 'there is no such secret'; Reader = { } }
            @{ Case = 'the vault is locked'; Reader = { throw 'The vault is locked.' } }
            @{ Case = 'the vault writes an error'; Reader = { Write-Error -Message 'No such vault.' } }
            @{ Case = 'the secret is a table'; Reader = { @{ Key = 'value' } } }
        ) {
            Set-Item -Path Function:\global:Get-Secret -Value $Reader
            { Connect-NanoBanana -SecretName banana } | Should -Throw -ErrorId 'ApiKeyMissing,NanoBanana.Commands.ConnectNanoBananaCommand'
            Get-NanoBananaConnection | Should -BeNullOrEmpty
        }

        It 'is missing with advice if Get-Secret is not installed' {
            # The developer may have installed the module with Get-Secret.
            $modules = $env:PSModulePath
            $env:PSModulePath = Join-Path -Path $TestDrive -ChildPath 'none'
            try {
                { Connect-NanoBanana -SecretName banana } |
                    Should -Throw -ErrorId 'ApiKeyMissing,NanoBanana.Commands.ConnectNanoBananaCommand' `
                        -ExpectedMessage '*SecretManagement*'
            }
            finally {
                $env:PSModulePath = $modules
            }
        }
    }

    Context 'invalid arguments' {
        It 'are refused: the key is <Key>' -ForEach @(
            @{ Key = 'missing'; Arguments = @{}; Message = '*NANOBANANA_API_KEY*' }
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

        It 'are refused: the endpoint <Endpoint>' -ForEach @(
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

        It 'do not include an unencrypted address with -AllowUnencryptedAuthentication' {
            Connect-NanoBanana -ApiKey $Key -Endpoint 'http://192.0.2.1/' -AllowUnencryptedAuthentication
            (Get-NanoBananaConnection).Endpoint | Should -Be 'http://192.0.2.1/'
        }

        It 'are refused: an unknown protocol' {
            { Connect-NanoBanana -ApiKey $Key -Protocol smoke } |
                Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,NanoBanana.Commands.ConnectNanoBananaCommand'
        }

        It 'are refused: a key together with a secret' {
            { Connect-NanoBanana -ApiKey $Key -SecretName banana } |
                Should -Throw -ErrorId 'AmbiguousParameterSet,NanoBanana.Commands.ConnectNanoBananaCommand'
        }

        It 'are refused: a key that is not text' {
            { Connect-NanoBanana -ApiKey 5 } |
                Should -Throw -ErrorId 'ApiKeyMissing,NanoBanana.Commands.ConnectNanoBananaCommand'
        }
    }

    Context 'connection' {
        It 'has the proxy, the number of retries and the image size limit' {
            $limits = @{ MaximumRetryCount = 2; MaximumImageSize = 64MB }
            $connection = Connect-NanoBanana -ApiKey $Key -Proxy 'http://proxy.example:8080/' @limits -PassThru
            $connection.MaximumImageSize | Should -Be 67108864
            $connection.Proxy | Should -Be 'http://proxy.example:8080/'
            $connection.MaximumRetryCount | Should -Be 2
        }

        It 'is kept if a new one is refused' {
            $connection = Connect-NanoBanana -ApiKey $Key -PassThru
            { Connect-NanoBanana -ApiKey '' } | Should -Throw
            Get-NanoBananaConnection | Should -Be $connection
        }
    }

    Context 'the key is not shown' {
        It 'in <Where>' -ForEach @(
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

        It 'in the host output with verbose and debug messages, also if it is rejected' {
            $emulator = Start-NanoBananaEmulator -TimeScale 0
            $text = Get-HostText {
                $VerbosePreference = $DebugPreference = 'Continue'
                Connect-NanoBanana -ApiKey $Key -Endpoint $emulator.Endpoint -PassThru
                'a fox' | New-NanoBananaImage
            }
            $text | Should -BeLike '*401*'
            $text | Should -Not -BeLike "*$Key*"
        }

        It 'in a transcript of PowerShell' {
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

        It 'in $Error' {
            $emulator = Start-NanoBananaEmulator
            Connect-NanoBanana -ApiKey $Key -Endpoint $emulator.Endpoint
            'a fox' | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            $failures | Format-List -Property * -Force | Out-String | Should -Not -BeLike "*$Key*"
        }
    }
}
