using FamilyDoctor.Dashboard.Measuring;
using FamilyDoctor.Dashboard.Receiving;
using FamilyDoctor.Dashboard.Viewing;
using FamilyDoctor.EventSourcing;

var builder = WebApplication.CreateBuilder(args);
builder.AddFamilyDoctor("dashboard", new EventTypes(DashboardJson.Default), new Silence(), Everything.Reactions, Knowing.Views,
    new Dictionary<string, int>());
builder.Services.AddSingleton(CityFile.From(builder.Configuration)).AddSingleton<Facts>();

var app = builder.Build();
app.UseFamilyDoctor();
app.MapCityKpis();
app.MapPublishedAndMeasured();
app.Run();

public partial class Program;
