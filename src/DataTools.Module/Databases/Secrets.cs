using System.Management.Automation;
using System.Net;
using System.Security;
using DataTools.Databases;
using DataTools.Errors;

namespace DataTools.Module.Databases;

/// <summary>Passwords that PowerShell keeps.</summary>
internal static class Secrets
{
    /// <summary>A secret of the module SecretManagement: a credential, or a password.</summary>
    public static object Find(PSCmdlet cmdlet, string name)
    {
        if (cmdlet.InvokeCommand.GetCommand("Get-Secret", CommandTypes.All) is null)
        {
            throw DataErrors.InvalidOption("-SecretName needs the module Microsoft.PowerShell.SecretManagement and a vault: Install-PSResource Microsoft.PowerShell.SecretManagement.");
        }

        var found = cmdlet.InvokeCommand.InvokeScript("param($name) Get-Secret -Name $name -ErrorAction Stop", name);
        return found is [{ BaseObject: PSCredential or SecureString or string } secret] ? secret.BaseObject
            : throw DataErrors.InvalidOption($"The secret '{name}' is neither a credential nor a password.");
    }

    /// <summary>The address with the user and password of a credential, or with a password.</summary>
    public static DatabaseAddress Apply(DatabaseAddress address, object? secret) => secret switch
    {
        PSCredential credential => address with { User = credential.UserName, Password = ToSecret(credential.Password) },
        SecureString password => address with { Password = ToSecret(password) },
        string password => address with { Password = new Secret(password) },
        _ => address,
    };

    private static Secret ToSecret(SecureString password) => new(new NetworkCredential("", password).Password);
}
