using System.Data.Common;

namespace Aspire.Hosting.ApplicationModel;

public class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource postgresParentResource)
    : Resource(name),
        IResourceWithParent<PostgresServerResource>,
        IResourceWithConnectionString
{
    public PostgresServerResource Parent => postgresParentResource;

    public string DatabaseName => databaseName;

    public ReferenceExpression ConnectionStringExpression
    {
        get
        {
            // Quotes a name that needs it.
            var database = new DbConnectionStringBuilder { ["Database"] = databaseName }.ToString();
            return ReferenceExpression.Create($"{Parent};{database}");
        }
    }

    public ReferenceExpression UriExpression => Append(Parent.UriExpression);

    public ReferenceExpression JdbcConnectionString => Append(Parent.JdbcConnectionString);

    // The server's properties in their order, with the address of the database in place of the server's.
    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        [
            .. ((IResourceWithConnectionString)Parent)
                .GetConnectionProperties()
                .Select(property =>
                    property.Key switch
                    {
                        "Uri" => new(property.Key, UriExpression),
                        "JdbcConnectionString" => new(property.Key, JdbcConnectionString),
                        _ => property,
                    }
                ),
            new("DatabaseName", ReferenceExpression.Create($"{databaseName}")),
        ];

    private ReferenceExpression Append(ReferenceExpression server) => server.Append($"/{databaseName:uri}");
}
