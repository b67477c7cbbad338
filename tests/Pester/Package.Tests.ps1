Describe 'The bill of materials' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Path = Join-Path -Path $TestDrive -ChildPath 'module.cdx.json'
        $script:Copy = Join-Path -Path $TestDrive -ChildPath 'NanoBanana'
        $script:Script = "$PSScriptRoot/../../packaging/Write-Sbom.ps1"
        Copy-Item -LiteralPath $ModulePath -Destination $Copy -Recurse
        & $Script -ModulePath $Copy -Path $Path
        $script:Bom = Get-Content -LiteralPath $Path -Raw | ConvertFrom-Json
    }

    It 'lists each file of lib once with its hash' {
        $listed = $Bom.metadata.component.components + $Bom.components.components
        $listed.name | Sort-Object | Should -Be (Get-ChildItem -LiteralPath "$Copy/lib" -Recurse -File |
                ForEach-Object { [System.IO.Path]::GetRelativePath($Copy, $_.FullName).Replace('\', '/') } | Sort-Object)
        foreach ($file in $listed) {
            $file.hashes.content | Should -Be (Get-FileHash -LiteralPath "$Copy/$($file.name)").Hash
        }
    }

    It 'lists the package, the version and the license of third-party files' {
        $Bom.components | Should -Not -BeNullOrEmpty
        foreach ($component in $Bom.components) {
            $component.purl | Should -Be "pkg:nuget/$($component.name)@$($component.version)"
            $component.licenses.expression | Should -Not -BeNullOrEmpty
        }
        ($Bom.components | Where-Object -Property name -EQ 'Microsoft.Data.Sqlite.Core').components.name |
            Should -Contain 'lib/Core/Dependencies/Microsoft.Data.Sqlite.dll'
    }

    It 'is reproducible for the same files' {
        & $Script -ModulePath $Copy -Path "$Path.again"
        Get-Content -LiteralPath "$Path.again" -Raw | Should -Be (Get-Content -LiteralPath $Path -Raw)
    }

    It 'is refused if a file belongs to no package' {
        Set-Content -LiteralPath "$Copy/lib/Core/stranger.dll" -Value 'x'
        { & $Script -ModulePath $Copy -Path $Path } | Should -Throw '*stranger.dll*not from a package*'
    }
}
