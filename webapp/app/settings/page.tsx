export { SettingsApp as default } from '../../components/settings/settings-app.tsx';
