# The most used commands of Microsoft.PowerShell.Utility and Microsoft.PowerShell.Management, for where only PowerShell's engine is
# installed. The help of each says where it does less than the original. Format-Table and Format-List are compiled (FormatCommands.cs).
. $PSScriptRoot/Streams.ps1
. $PSScriptRoot/Objects.ps1
. $PSScriptRoot/Statistics.ps1
. $PSScriptRoot/Text.ps1
. $PSScriptRoot/Items.ps1
