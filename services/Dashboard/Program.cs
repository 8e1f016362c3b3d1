using FamilyDoctor.Dashboard.Measuring;
using FamilyDoctor.Dashboard.Receiving;
using FamilyDoctor.Dashboard.Ui;
using FamilyDoctor.Dashboard.Viewing;
using FamilyDoctor.EventSourcing;

// Files are found beside the program, wherever it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.UseStaticWebAssets();
builder.AddFamilyDoctor("dashboard", new EventTypes(DashboardJson.Default), new Silence(), Everything.Reactions, Knowing.Views,
    new Dictionary<string, int>());
builder.Services.AddSingleton(CityFile.From(builder.Configuration)).AddSingleton<Facts>();
builder.Services.AddPages();

var app = builder.Build();
app.UseFamilyDoctor();
app.MapCityKpis();
app.MapPublishedAndMeasured();
app.MapReferralFunnel();
app.MapPages();
app.Run();

public partial class Program;
