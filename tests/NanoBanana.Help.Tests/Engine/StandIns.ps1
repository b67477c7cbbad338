# The hosted engine has the core commands only. These stand in for the others that the examples use, as far as they use
# them. They are strict where the real ones shrug: a column that an object does not have is an error.

function Read-Lines($Path) { [IO.File]::ReadAllLines($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)) }

function Get-Content {
    [CmdletBinding()] param([Parameter(Mandatory, Position = 0)][string] $Path, [switch] $Raw)
    if ($Raw) { (Read-Lines $Path) -join "`n" } else { Read-Lines $Path }
}

function Add-Content {
    [CmdletBinding()] param([Parameter(Mandatory)][string] $Path, [Parameter(Mandatory)][string] $Value)
    [IO.File]::AppendAllLines($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path), [string[]] $Value)
}

function Test-Path {
    [CmdletBinding()] param([Parameter(Mandatory, Position = 0)][string] $Path)
    try { $ExecutionContext.SessionState.Path.GetResolvedPSPathFromPSPath($Path).Count -gt 0 } catch { $false }
}

function Get-ChildItem {
    [CmdletBinding()] param([Parameter(Mandatory, Position = 0)][string] $Path)
    $ExecutionContext.SessionState.InvokeProvider.ChildItem.Get($Path, $false)
}

function Import-Csv {
    [CmdletBinding()] param([Parameter(Mandatory, Position = 0)][string] $Path)
    $header, $rows = (Read-Lines $Path) -replace '"'
    $names = $header.Split(',')
    foreach ($row in $rows) {
        $cells = $row.Split(',')
        $object = [ordered]@{}
        for ($i = 0; $i -lt $names.Count; $i++) { $object[$names[$i]] = $cells[$i] }
        [pscustomobject] $object
    }
}

function ConvertFrom-Json {
    [CmdletBinding()] param([Parameter(Mandatory, ValueFromPipeline)][string] $InputObject)
    process {
        $object = [ordered]@{}
        foreach ($property in [Text.Json.JsonDocument]::Parse($InputObject).RootElement.EnumerateObject()) {
            $object[$property.Name] = if ($property.Value.ValueKind -eq 'Array') { , [object[]] @($property.Value.EnumerateArray() | ForEach-Object { $_.GetString() }) } else { $property.Value.ToString() }
        }
        [pscustomobject] $object
    }
}

function Assert-Property($Object, $Names) {
    foreach ($name in $Names) {
        if (-not $Object.psobject.Properties[$name]) { throw "There is no property '$name'." }
    }
}

function Format-Table {
    [CmdletBinding()] param([Parameter(Position = 0)][string[]] $Property, [Parameter(ValueFromPipeline)] $InputObject)
    process { Assert-Property $InputObject $Property }
}

function Format-List {
    [CmdletBinding()] param([Parameter(Position = 0)][string[]] $Property, [Parameter(ValueFromPipeline)] $InputObject)
    process { if ($InputObject) { Assert-Property $InputObject $Property } }
}

function Sort-Object {
    [CmdletBinding()] param([Parameter(Mandatory, Position = 0)][string] $Property, [Parameter(ValueFromPipeline)] $InputObject)
    begin { $all = [Collections.Generic.List[object]]::new() }
    process { Assert-Property $InputObject $Property; $all.Add($InputObject) }
    end { [Linq.Enumerable]::OrderBy([object[]] $all, [Func[object, object]] { param($item) $item.$Property }) }
}

function Group-Object {
    [CmdletBinding()] param([Parameter(Mandatory, Position = 0)][string] $Property, [Parameter(ValueFromPipeline)] $InputObject)
    begin { $groups = [ordered]@{} }
    process { Assert-Property $InputObject $Property; $groups["$($InputObject.$Property)"] = 1 + $groups["$($InputObject.$Property)"] }
    end { foreach ($name in $groups.Keys) { [pscustomobject]@{ Name = $name; Count = $groups[$name] } } }
}

function Measure-Object {
    [CmdletBinding()] param([Parameter(Mandatory, Position = 0)][string] $Property, [switch] $Sum, [Parameter(ValueFromPipeline)] $InputObject)
    begin { $total = 0; $count = 0 }
    process { Assert-Property $InputObject $Property; $total += $InputObject.$Property; $count++ }
    end { [pscustomobject]@{ Count = $count; Sum = $total } }
}

function Read-Host {
    [CmdletBinding()] param([Parameter(Position = 0)][string] $Prompt, [Parameter(Mandatory)][switch] $AsSecureString)
    [Net.NetworkCredential]::new('', 'a-key-that-someone-typed').SecurePassword
}

# What a vault of Microsoft.PowerShell.SecretManagement would answer.
function Get-Secret {
    [CmdletBinding()] param([Parameter(Mandatory)][string] $Name, [string] $Vault)
    'a-key-out-of-a-vault'
}
